import { REDIS_SERVER, type RedisServer, startRedis } from "@connect/adapter-contract/redis-server";
import { createDenyList } from "@connect/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestVerifier, signToken } from "./support/issuer.js";
import { CLIENTS, type Connected } from "./support/redis-clients.js";

describe.skipIf(REDIS_SERVER === undefined).each(Object.entries(CLIENTS))("Redis by %s", (_, connect) => {
  let redis: RedisServer;
  let client: Connected;

  beforeAll(async () => {
    redis = await startRedis();
    client = await connect(redis.path);
  });
  afterAll(async () => {
    client?.close();
    await redis?.close();
  });

  /** Whether each function of the store answers. */
  async function answers(): Promise<PromiseSettledResult<unknown>["status"][]> {
    const { store } = client;
    const asked = [
      store.get("key"),
      store.set("key", "value", 60),
      store.setIfAbsent("key", "v", 60),
      store.delete("key"),
    ];
    return (await Promise.allSettled(asked)).map(({ status }) => status);
  }

  const comesBack = () =>
    vi.waitFor(async () => void (await client.store.get("key")), { timeout: 60_000, interval: 20 });

  it("that is stopped throws, and works when it is there again; what was in its memory is gone", async () => {
    await client.store.set("kept", "value", 600);
    await redis.stop();
    expect(await answers()).toEqual(Array(4).fill("rejected"));
    await redis.start();
    await comesBack();
    expect(await answers()).toEqual(Array(4).fill("fulfilled"));
    expect(await client.store.get("kept")).toBeUndefined();
  });

  it("that hangs throws, and works when it goes on", async () => {
    redis.signal("SIGSTOP");
    expect(await answers()).toEqual(Array(4).fill("rejected"));
    redis.signal("SIGCONT");
    await comesBack();
    expect(await answers()).toEqual(Array(4).fill("fulfilled"));
  });

  it("lets nobody in by a deny list that can't be asked", async () => {
    const token = await signToken("consent_1");
    const { isRevoked } = createDenyList({ store: client.store });
    const verifier = createTestVerifier({ isRevoked });
    await verifier.verify(token);
    await redis.stop();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: "deny_list_unavailable" });
    await redis.start();
    await comesBack();
    await verifier.verify(token);
  });
});
