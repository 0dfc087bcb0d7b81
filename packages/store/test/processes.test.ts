import { REDIS_SERVER, type RedisServer, startRedis } from "@connect/adapter-contract/redis-server";
import { createDenyList, storedKeys } from "@connect/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeAtomicStore } from "./contract.js";
import { createTestVerifier, ISSUER, signToken } from "./support/issuer.js";
import { type OtherProcess, startOtherProcess } from "./support/other-process.js";
import { type Connected, connectIoredis } from "./support/redis-clients.js";

const skip = REDIS_SERVER === undefined;
let redis: RedisServer;
let here: Connected;
let elsewhere: OtherProcess;

beforeAll(async () => {
  if (skip) return;
  redis = await startRedis();
  [here, elsewhere] = await Promise.all([connectIoredis(redis.path), startOtherProcess(redis.path)]);
});
afterAll(async () => {
  here?.close();
  await elsewhere?.close();
  await redis?.close();
});

describeAtomicStore(
  "Redis for two processes",
  async () => ({ store: here.store, other: elsewhere.store, close: () => {} }),
  { skip },
);

describe.skipIf(skip)("two processes of one application", () => {
  it("refuse what either of them denies, until either allows it again", async () => {
    const token = await signToken("consent_1");
    const other = await signToken("consent_2");
    const denyList = createDenyList({ store: here.store });
    const verifier = createTestVerifier({ isRevoked: denyList.isRevoked });
    const accessToken = await verifier.verify(token);

    await elsewhere.denyList.deny({ consentId: "consent_1" }, 300);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: "invalid_token", reason: "revoked" });
    await verifier.verify(other);

    await denyList.allow({ consentId: "consent_1" });
    await verifier.verify(token);
    expect(await elsewhere.denyList.isRevoked(accessToken)).toBe(false);
    await denyList.deny({ subject: "user_1" }, 300);
    expect(await elsewhere.denyList.isRevoked(accessToken)).toBe(true);
  });

  it("start without AuthKit where one of them had its keys", async () => {
    const token = await signToken("consent_1");
    const cutOff = () =>
      createTestVerifier({
        keysCache: storedKeys(elsewhere.store, `${ISSUER}/oauth2/jwks`),
        fetch: () => Promise.reject(new TypeError("no network")),
      });
    await expect(cutOff().verify(token)).rejects.toMatchObject({ code: "jwks_unavailable" });
    const keysCache = storedKeys(here.store, `${ISSUER}/oauth2/jwks`);
    await createTestVerifier({ keysCache }).verify(token);
    expect(await cutOff().verify(token)).toMatchObject({ consentId: "consent_1" });
  });
});
