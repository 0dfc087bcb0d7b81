import type { AtomicStore } from "@connect/core";
import { Redis } from "ioredis";
import { Redis as Redis6 } from "ioredis-6";
import { createClient } from "redis";
import { createClient as createClient5 } from "redis-5";
import { redisStore } from "../../src/index.js";

/** A store on a client of its own, set up as the README says. */
export interface Connected {
  readonly store: AtomicStore;
  close(): void;
}

const ioredisOptions = (path: string) => ({
  path,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 1_000,
  retryStrategy: () => 20,
  lazyConnect: true,
});

const nodeRedisOptions = (path: string) => ({
  disableOfflineQueue: true,
  pingInterval: 200,
  socket: { path, reconnectStrategy: () => 20, socketTimeout: 1_000 },
});

/** A client of ioredis 5. */
export async function connectIoredis(path: string): Promise<Connected> {
  const client = new Redis(ioredisOptions(path)).on("error", () => {});
  await client.connect();
  return { store: redisStore(client), close: () => client.disconnect() };
}

/** Every client that `redisStore` takes. An outage is seen in what the store throws; the clients tell of it, too. */
export const CLIENTS: Readonly<Record<string, (path: string) => Promise<Connected>>> = {
  "node-redis 6": async (path) => {
    const client = createClient(nodeRedisOptions(path)).on("error", () => {});
    await client.connect();
    return { store: redisStore(client), close: () => client.destroy() };
  },
  "node-redis 5": async (path) => {
    const client = createClient5(nodeRedisOptions(path)).on("error", () => {});
    await client.connect();
    return { store: redisStore(client), close: () => client.destroy() };
  },
  "ioredis 6": async (path) => {
    const client = new Redis6(ioredisOptions(path)).on("error", () => {});
    await client.connect();
    return { store: redisStore(client), close: () => client.disconnect() };
  },
  "ioredis 5": connectIoredis,
};
