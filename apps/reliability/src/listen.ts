import { createServer, type RequestListener, type Server } from "node:http";
import type { Random } from "./random.js";

/** A server that can be away for a while and comes back where it was. */
export interface Listener {
  readonly url: string;
  /** Nobody listens any more; requests that arrived before are still answered. */
  stop(): void;
  /** Listens again. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export async function listen(random: Random, onRequest: RequestListener): Promise<Listener> {
  const server = createServer(onRequest);
  let port = 0;
  for (let tries = 0; port === 0; tries++) {
    // Below those that systems give out by themselves: nobody takes it while it is free for a moment.
    const candidate = random.between(20_000, 30_000);
    try {
      await open(server, candidate);
      port = candidate;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => void server.close(),
    resume: () => open(server, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function open(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
