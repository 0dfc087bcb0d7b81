import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

/** An AuthKit whose every page a test writes; it hands no login to anybody. */
export interface ScriptedAuthKit {
  readonly issuer: string;
  close(): Promise<void>;
}

/** `routes` gets the app; `authorize` is where the walk begins. */
export async function startScriptedAuthKit(routes: (app: Hono) => void): Promise<ScriptedAuthKit> {
  const app = new Hono();
  routes(app);
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  return {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
