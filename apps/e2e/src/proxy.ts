import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands before an application in production: its outer address, known before the application starts. */
export interface Proxy {
  readonly url: string;
  /** Where the application listens on this machine; several processes take turns, connection by connection. */
  forwardTo(...ports: number[]): void;
  close(): Promise<void>;
}

/** Starts one on a free port. It passes bytes on as they are, `Host` included. */
export async function startProxy(): Promise<Proxy> {
  let targets: number[] = [];
  let turn = 0;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const target = targets[turn++ % targets.length];
    if (target === undefined) return incoming.destroy();
    const outgoing = connect({ port: target, host: "localhost" });
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.once("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      // An end that breaks off is the other's end, no fault of the proxy's.
      socket.on("error", () => {});
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    forwardTo(...ports) {
      targets = ports;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
