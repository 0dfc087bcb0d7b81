import type { AtomicStore, Store } from "@connect/core";
import type { Redis as Ioredis, Cluster as IoredisCluster } from "ioredis";
import type { Redis as Ioredis6, Cluster as Ioredis6Cluster } from "ioredis-6";
import type { createClient, createClientPool, createCluster, createSentinel } from "redis";
import type { createClient as createClient5, createCluster as createCluster5 } from "redis-5";
import type { Storage } from "unstorage";
import { describe, expectTypeOf, it } from "vitest";
import {
  type IoredisClient,
  type NodeRedisClient,
  redisStore,
  type Unstorage,
  unstorageStore,
} from "../src/index.js";

describe("a store in Redis", () => {
  it("is atomic", () => {
    expectTypeOf(redisStore).returns.toEqualTypeOf<AtomicStore>();
  });

  it("takes what node-redis and ioredis make", () => {
    expectTypeOf<ReturnType<typeof createClient>>().toExtend<NodeRedisClient>();
    expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<NodeRedisClient>();
    expectTypeOf<ReturnType<typeof createCluster>>().toExtend<NodeRedisClient>();
    expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<NodeRedisClient>();
    expectTypeOf<ReturnType<typeof createClient5>>().toExtend<NodeRedisClient>();
    expectTypeOf<ReturnType<typeof createCluster5>>().toExtend<NodeRedisClient>();
    expectTypeOf<Ioredis>().toExtend<IoredisClient>();
    expectTypeOf<IoredisCluster>().toExtend<IoredisClient>();
    expectTypeOf<Ioredis6>().toExtend<IoredisClient>();
    expectTypeOf<Ioredis6Cluster>().toExtend<IoredisClient>();
    expectTypeOf<NodeRedisClient | IoredisClient>().toExtend<Parameters<typeof redisStore>[0]>();
  });
});

describe("a store on unstorage", () => {
  it("is a store, and nothing that asks who came first takes it", () => {
    expectTypeOf(unstorageStore).returns.toEqualTypeOf<Store>();
    expectTypeOf<ReturnType<typeof unstorageStore>>().not.toExtend<AtomicStore>();
  });

  it("takes unstorage's storages", () => {
    expectTypeOf<Storage>().toExtend<Unstorage>();
  });
});
