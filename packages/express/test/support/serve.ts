import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express5, { type Express } from "express";
import express4 from "express-4";

/** The module of either version. Its types are those of 5, as `types.test-d.ts` is there for those of 4. */
export const VERSIONS: readonly (readonly [name: string, express: typeof express5])[] = [
  ["Express 5", express5],
  ["Express 4", express4 as unknown as typeof express5],
];

/** An application that listens on this machine. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(app: Express): Promise<Served> {
  const server: Server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
