import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { createClient } from "./app.js";
import type { Settings } from "./environment.js";

/** A client that listens. */
export interface RunningClient {
  /** Such as `http://localhost:3001`; `<url>/callback` is the redirect URI to register. */
  url: string;
  close(): Promise<void>;
}

/** Starts the app on localhost. Rejects with Node's own error (`EADDRINUSE`) when the port is taken. */
export async function startClient(settings: Settings): Promise<RunningClient> {
  // Its redirect URI holds the port, which is known once the server listens.
  let app: Hono | null = null;
  const server = createAdaptorServer({
    fetch: (request) => app?.fetch(request) ?? new Response(null, { status: 503 }),
  });
  server.listen(settings.port, "localhost");
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  app = createClient({ ...settings, origin: url });

  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A browser keeps its connections open; they would hold the server up.
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
