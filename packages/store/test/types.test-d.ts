import type { AtomicStore, Store } from "@connect/core";
import type { Redis as Ioredis, Cluster as IoredisCluster } from "ioredis";
import type { Redis as Ioredis6, Cluster as Ioredis6Cluster } from "ioredis-6";
import type { createClient, createClientPool, createCluster, createSentinel } from "redis";
import type { createClient as createClient5, createCluster as createCluster5 } from "redis-5";
import type { Storage } from "unstorage";
import { describe, expectTypeOf, it } from "vitest";
import { redisStore, unstorageStore } from "../src/index.js";

type Client = Parameters<typeof redisStore>[0];

describe("a store in Redis", () => {
  it("is atomic", () => {
    expectTypeOf(redisStore).returns.toEqualTypeOf<AtomicStore>();
  });

  it("takes what node-redis and ioredis make", () => {
    expectTypeOf<ReturnType<typeof createClient>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createCluster>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createClient5>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createCluster5>>().toExtend<Client>();
    expectTypeOf<Ioredis>().toExtend<Client>();
    expectTypeOf<IoredisCluster>().toExtend<Client>();
    expectTypeOf<Ioredis6>().toExtend<Client>();
    expectTypeOf<Ioredis6Cluster>().toExtend<Client>();
    expectTypeOf<Map<string, string>>().not.toExtend<Client>();
  });
});

describe("a store on unstorage", () => {
  it("is a store, and nothing that asks who came first takes it", () => {
    expectTypeOf(unstorageStore).returns.toEqualTypeOf<Store>();
    expectTypeOf<ReturnType<typeof unstorageStore>>().not.toExtend<AtomicStore>();
  });

  it("takes unstorage's storages", () => {
    expectTypeOf<Storage>().toExtend<Parameters<typeof unstorageStore>[0]>();
  });
});
