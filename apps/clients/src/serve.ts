import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on this machine. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a free port, for an application that has to know its own address before it can be made. */
export async function serve(
  create: (url: string) => RequestListener | Promise<RequestListener>,
): Promise<Served> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "localhost", resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
  try {
    server.on("request", await create(url));
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}
