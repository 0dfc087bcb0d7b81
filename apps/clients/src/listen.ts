import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free port of this machine, for an application that has to know its own address to be made. */
export interface Listening {
  readonly url: string;
  /** Gives it the application. */
  answer(onRequest: RequestListener): void;
  close(): Promise<void>;
}

export async function listen(): Promise<Listening> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "localhost", resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    answer: (onRequest) => void server.on("request", onRequest),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
