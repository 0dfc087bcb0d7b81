import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";

import { AdvancingClock } from "../src/clock.js";
import { ADA, authorization, Browser, begin, complete, PARTNER, post, start, tokensFor } from "./harness.js";

afterEach(() => {
  vi.useRealTimers();
});

describe("a clock that was advanced", () => {
  it("is ahead for what runs inside, and for nobody else", async () => {
    const clock = new AdvancingClock();
    clock.advance(60_000);
    const inside = await clock.run(async () => {
      await Promise.resolve();
      return Date.now();
    });
    expect(inside - Date.now()).toBeGreaterThan(59_000);
    expect(clock.now() - Date.now()).toBeGreaterThan(59_000);
    expect(clock.run(() => clock.now()) - clock.now()).toBeLessThan(1000);
  });

  it("goes on from where a test runner's fake clock is", () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] });
    const clock = new AdvancingClock();
    clock.advance(5000);
    expect([clock.now(), clock.run(() => Date.now()), Date.now()]).toEqual([1_005_000, 1_005_000, 1_000_000]);
  });
});

describe("advancing the AuthKit's clock", () => {
  it.each([
    ["300s", 404],
    ["299s", 200],
  ] as const)("by %s answers a completion with %d", async (by, status) => {
    const authkit = await start();
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    authkit.clock.advance(by);
    expect((await complete(authkit, { external_auth_id, user: ADA })).status).toBe(status);
  });

  it("ends refresh tokens when their time is over, and makes tokens of the new time", async () => {
    const authkit = await start({ refreshTokenTtl: 3600 });
    const { body } = await tokensFor(authkit);
    authkit.clock.advance("59m");
    const refresh = (token: unknown) =>
      post(authkit, "/oauth2/token", {
        grant_type: "refresh_token",
        refresh_token: String(token),
        client_id: PARTNER,
        client_secret: "partner_secret_local",
      });
    const renewed = await refresh(body.refresh_token);
    expect(renewed.status).toBe(200);

    const keys = createRemoteJWKSet(new URL(`${authkit.url}/oauth2/jwks`));
    const verify = (token: unknown) =>
      jwtVerify(String(token), keys, { currentDate: new Date(authkit.clock.now()) });
    await expect(verify(body.access_token)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
    const { payload } = await verify(renewed.body.access_token);
    expect(Math.abs(Number(payload.iat) * 1000 - authkit.clock.now())).toBeLessThan(60_000);

    authkit.clock.advance("61m");
    expect((await refresh(renewed.body.refresh_token)).body.error).toBe("invalid_grant");
  });

  it.each(["-1s", "soon", "", -1, Number.NaN])("by %j is refused", async (by) => {
    const authkit = await start();
    expect(() => authkit.clock.advance(by as "1s")).toThrow("by must be a duration");
  });
});
