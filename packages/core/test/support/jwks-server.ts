import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { JWKS } from "./issuer.js";

/** The issuer's endpoint of keys, on loopback and in the test's hands. */
export interface JwksServer {
  readonly url: string;
  /** How many requests came. */
  readonly fetches: number;
  /** What requests are answered with from now on. At first with `JWKS`. */
  answer(listener: RequestListener): void;
  /** From now on with this set. */
  publish(keys: readonly object[]): void;
  /** The next request, which is then the test's to answer. */
  next(): Promise<{ request: IncomingMessage; response: ServerResponse }>;
  /** Nobody listens, and whoever was connected is not any more. */
  goDown(): Promise<void>;
  /** As it was, at the same address. */
  comeUp(): Promise<void>;
}

export async function startJwksServer(): Promise<JwksServer> {
  let fetches = 0;
  let listener: RequestListener;
  const server = createServer((request, response) => {
    fetches += 1;
    listener(request, response);
  });
  const publish = (keys: readonly object[]) => {
    listener = (_, response) => response.end(JSON.stringify({ keys }));
  };
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  publish(JWKS.keys);
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/oauth2/jwks`,
    get fetches() {
      return fetches;
    },
    answer(next) {
      listener = next;
    },
    publish,
    next: () =>
      new Promise((resolve) => {
        listener = (request, response) => resolve({ request, response });
      }),
    async goDown() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
    comeUp: () => listen(port),
  };
}
