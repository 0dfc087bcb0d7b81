import { describe, expect, it, vi } from "vitest";
import type { Signatures } from "../src/index.js";
import { webSignatures } from "../src/token/signatures.js";
import { caught } from "./support/errors.js";
import { CLAIMS, createTestVerifier, JWKS, NOW, SUBJECT, signToken } from "./support/issuer.js";

/** jose's signatures, counted: what was not looked up was verified. */
function counted() {
  const verify = vi.fn(webSignatures.verify);
  const signatures: Signatures = {
    importKey: webSignatures.importKey,
    verify: verify as Signatures["verify"],
  };
  return { signatures, verify };
}

/** The same characters in a string of its own, as each request brings it. */
const copy = (token: string) => token.split("").join("");

describe("a token that was seen before", () => {
  it("is verified once, also where many bring it at once", async () => {
    const { signatures, verify } = counted();
    const verifier = createTestVerifier({ signatures });
    const token = await signToken();
    const results = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(copy(token))));
    results.push(await verifier.verify(copy(token)));
    expect(verify).toHaveBeenCalledTimes(1);
    expect(new Set(results)).toHaveLength(1);
  });

  it("is verified each time where cacheSize is 0", async () => {
    const { signatures, verify } = counted();
    const verifier = createTestVerifier({ signatures, cacheSize: 0 });
    const token = await signToken();
    for (let round = 0; round < 3; round++) await verifier.verify(token);
    expect(verify).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["just before its end", CLAIMS.exp + 4, "ok"],
    ["at its end, tolerance included", CLAIMS.exp + 5, "expired"],
    ["long after", CLAIMS.exp + 5_000, "expired"],
  ])("counts no longer than without a cache: %s", async (_, then, outcome) => {
    let now = NOW;
    const verifier = createTestVerifier({ clock: () => now * 1000 });
    const token = await signToken();
    await verifier.verify(token);
    now = then;
    const result = await verifier.verify(copy(token)).then(
      () => "ok",
      (error) => error.reason,
    );
    expect(result).toBe(outcome);
  });

  it("does not count before its time when the clock goes back", async () => {
    let now = NOW;
    const verifier = createTestVerifier({ clock: () => now * 1000 });
    const token = await signToken({ nbf: NOW });
    await verifier.verify(token);
    now = NOW - 60;
    expect(await caught(() => verifier.verify(copy(token)))).toMatchObject({ reason: "nbf" });
  });

  it("is forgotten with the key that signed it", async () => {
    let now = NOW;
    let keys = JWKS.keys;
    const verifier = createTestVerifier({
      clock: () => now * 1000,
      fetch: async () => Response.json({ keys }),
    });
    const token = await signToken({ exp: NOW + 3_600 });
    await verifier.verify(token);
    keys = keys.filter(({ kid }) => kid !== "rsa-1");
    now += 660;
    // It is still in the cache; the other token's verification is what learns of the new set.
    await caught(async () => verifier.verify(await signToken({ sub: "other", exp: NOW + 3_600 })));
    expect(await caught(() => verifier.verify(copy(token)))).toMatchObject({ reason: "kid" });
  });

  it("stays when the keys are fetched anew and still have its own", async () => {
    let now = NOW;
    let fetches = 0;
    const { signatures, verify } = counted();
    const fetch = async () => {
      fetches += 1;
      return Response.json(JWKS);
    };
    const verifier = createTestVerifier({ clock: () => now * 1000, fetch, signatures });
    const token = await signToken({ exp: NOW + 3_600 });
    await verifier.verify(token);
    now += 660;
    await verifier.verify(await signToken({ sub: "other", exp: NOW + 3_600 }));
    expect(fetches).toBe(2);
    await verifier.verify(copy(token));
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it("is not mistaken for another with the same ending", async () => {
    const verifier = createTestVerifier();
    const [token, other] = [await signToken(), await signToken({ sub: "somebody else" })];
    await verifier.verify(token);
    const signature = token.slice(token.lastIndexOf("."));
    const forged = other.slice(0, other.lastIndexOf(".")) + signature;
    expect(await caught(() => verifier.verify(forged))).toMatchObject({ reason: "signature" });
    expect((await verifier.verify(copy(token))).subject).toBe(SUBJECT);
  });

  it("has its scopes looked at on every request", async () => {
    const verifier = createTestVerifier();
    const headers = new Headers({ authorization: `Bearer ${await signToken({ scope: "notes:read" })}` });
    const request = { method: "GET", url: "/", headers };
    expect(await verifier.authorize(request, { scopes: ["notes:read"] })).toMatchObject({
      type: "authorized",
    });
    expect(await verifier.authorize(request, { scopes: ["notes:write"] })).toMatchObject({
      error: { code: "insufficient_scope" },
    });
  });

  it("has its claims checked by the schema once", async () => {
    const validate = vi.fn((value: unknown) => ({ value }));
    const verifier = createTestVerifier({
      claims: { "~standard": { version: 1, vendor: "test", validate } },
    });
    const token = await signToken();
    await verifier.verify(token);
    await verifier.verify(copy(token));
    expect(validate).toHaveBeenCalledTimes(1);
  });

  it("gives what no request can change for the next", async () => {
    const accessToken = await createTestVerifier().verify(await signToken({ deep: { list: [{ a: 1 }] } }));
    const { deep } = accessToken.claims as { deep: { list: { a: number }[] } };
    expect(() => deep.list.push({ a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(deep.list[0] ?? {}, { a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(accessToken, { subject: "admin" })).toThrow(TypeError);
  });

  it("makes room for new ones, the unused first", async () => {
    const { signatures, verify } = counted();
    const verifier = createTestVerifier({ signatures, cacheSize: 3 });
    const tokens = await Promise.all(["a", "b", "c", "d", "e"].map((sub) => signToken({ sub })));
    const [a = "", b = "", c = "", d = "", e = ""] = tokens;
    for (const token of [a, b, c, a, d, e, a]) await verifier.verify(copy(token));
    // a was used and stays; b and c made room for d and e.
    expect(verify).toHaveBeenCalledTimes(5);
    await verifier.verify(copy(b));
    expect(verify).toHaveBeenCalledTimes(6);
  });

  it("is not remembered when it was bad", async () => {
    const { signatures, verify } = counted();
    const verifier = createTestVerifier({ signatures });
    const token = await signToken();
    const bad = `${token.slice(0, -6)}AAAAAA`.replace(/.$/, "A");
    for (let round = 0; round < 2; round++) await caught(() => verifier.verify(bad));
    expect(verify).toHaveBeenCalledTimes(2);
  });
});

describe("a token that lives longer than keys are kept", () => {
  /** A verifier that has seen a day's token, with the time and the endpoint to be set. */
  async function createWorld() {
    const world = { now: NOW, keys: JWKS.keys as readonly object[] | undefined, fetches: 0 };
    const verifier = createTestVerifier({
      clock: () => world.now * 1000,
      fetch: async () => {
        world.fetches += 1;
        if (world.keys === undefined) throw new Error("down");
        return Response.json({ keys: world.keys });
      },
    });
    const guard = verifier.guard();
    const token = await signToken({ exp: NOW + 86_400 });
    const ask = async () =>
      (await guard({ method: "GET", url: "/", headers: { get: () => `Bearer ${token}` } })).type;
    expect(await ask()).toBe("authorized");
    return { world, ask };
  }

  it("is refused when its key was withdrawn, at the latest ten minutes after the last look", async () => {
    const { world, ask } = await createWorld();
    world.keys = JWKS.keys.slice(1);
    world.now = NOW + 599;
    expect(await ask()).toBe("authorized");
    await expect.poll(ask).toBe("challenge");
    const idle = await createWorld();
    idle.world.keys = JWKS.keys.slice(1);
    idle.world.now = NOW + 6_000;
    expect(await idle.ask()).toBe("challenge");
  });

  it("has its keys looked after by the way, and waits for none of it", async () => {
    const { world, ask } = await createWorld();
    for (let minute = 1; minute <= 60; minute++) {
      world.now = NOW + minute * 60;
      expect(await ask()).toBe("authorized");
      // The fetch on the side is over, long before the next minute.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(world.fetches).toBe(1 + Math.floor(60 / 8));
  });

  it("lives through an outage for as long as its keys may serve", async () => {
    const { world, ask } = await createWorld();
    world.keys = undefined;
    world.now = NOW + 4_199;
    expect(await ask()).toBe("authorized");
    world.now = NOW + 4_200;
    expect(await ask()).toBe("unavailable");
  });
});
