import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { onTestFinished } from "vitest";

/** Serves an application on loopback for one test; resolves to its address, without a slash at its end. */
export async function listen(app: Hono): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "localhost" }, ({ port }: AddressInfo) =>
      resolve(`http://localhost:${port}`),
    );
    onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  });
}
