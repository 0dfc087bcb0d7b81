import { inspect } from "node:util";
import { REDIS_SERVER, type RedisServer, startRedis } from "@connect/adapter-contract/redis-server";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisStore } from "../src/index.js";
import { CLIENTS } from "./support/redis-clients.js";

const TEN_YEARS = 10 * 365 * 86_400;
const nothing = () => {};

describe.skipIf(REDIS_SERVER === undefined)("what is in Redis", () => {
  let redis: RedisServer;
  let operator: ReturnType<typeof createClient>;

  beforeAll(async () => {
    redis = await startRedis();
    operator = createClient({ socket: { path: redis.path, tls: false } });
    await operator.connect();
  });
  afterAll(async () => {
    operator?.destroy();
    await redis?.close();
  });

  it.each(Object.entries(CLIENTS))(
    "by %s can be read by an operator, and goes by itself",
    async (_, connect) => {
      await operator.flushAll();
      const { store, close } = await connect(redis.path);
      await store.set("connect:a", "1", 600);
      await store.setIfAbsent("connect:b", "2", 60.0001);
      await store.set("connect:c", "3", TEN_YEARS);
      close();
      expect(await operator.mGet(["connect:a", "connect:b", "connect:c"])).toEqual(["1", "2", "3"]);
      for (const [key, seconds] of [
        ["connect:a", 600],
        ["connect:b", 60.001],
        ["connect:c", TEN_YEARS],
      ] as const) {
        const left = await operator.pTTL(key);
        expect(left).toBeLessThanOrEqual(seconds * 1000);
        expect(left).toBeGreaterThan(seconds * 1000 - 30_000);
      }
    },
  );

  it.each(Object.entries(CLIENTS))(
    "by %s is not in the error where it could not be kept",
    async (_, connect) => {
      const { store, close } = await connect(redis.path);
      await operator.configSet("maxmemory", "1");
      for (const put of [store.set, store.setIfAbsent]) {
        const error = await Promise.resolve(put("KEY-OF-USER", "VALUE-OF-USER", 60)).catch(
          (thrown) => thrown,
        );
        expect(error).toBeInstanceOf(Error);
        expect(error.message).toMatch(/^OOM /);
        expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/-OF-USER/);
      }
      await operator.configSet("maxmemory", "0");
      close();
    },
  );
});

describe("a store in Redis", () => {
  it.each<[what: string, client: unknown]>([
    ["nothing", undefined],
    ["an address", "redis://localhost"],
    ["something else", { get: nothing, set: nothing }],
    ["node-redis 4", { get: nothing, set: nothing, del: nothing, quit: nothing, disconnect: nothing }],
  ])("is not made of %s", (_, client) => {
    expect(() => redisStore(client as Parameters<typeof redisStore>[0])).toThrow(
      expect.objectContaining({ code: "invalid_config", reason: expect.stringMatching(/^client: /) }),
    );
  });
});
