import { REDIS_SERVER, type RedisServer, startRedis } from "@connect/adapter-contract/redis-server";
import { createStorage } from "unstorage";
import redisDriver from "unstorage/drivers/redis";
import { afterAll, beforeAll } from "vitest";
import { unstorageStore } from "../src/index.js";
import { describeAtomicStore, describeStore } from "./contract.js";
import { CLIENTS } from "./support/redis-clients.js";

const skip = REDIS_SERVER === undefined;
let redis: RedisServer;

beforeAll(async () => {
  if (!skip) redis = await startRedis();
});
afterAll(() => redis?.close());

for (const [name, connect] of Object.entries(CLIENTS)) {
  describeAtomicStore(
    `Redis by ${name}`,
    async () => {
      const [one, two] = [await connect(redis.path), await connect(redis.path)];
      return {
        store: one.store,
        other: two.store,
        close: () => {
          one.close();
          two.close();
        },
      };
    },
    { skip },
  );
}

describeStore(
  "Redis by unstorage",
  async () => {
    const storages = [1, 2].map(() => createStorage({ driver: redisDriver({ path: redis.path }) }));
    const [store, other] = storages.map((storage) => unstorageStore(storage));
    if (store === undefined || other === undefined) throw new Error("unreachable");
    return { store, other, close: () => Promise.all(storages.map((storage) => storage.dispose())) };
  },
  { skip },
);
