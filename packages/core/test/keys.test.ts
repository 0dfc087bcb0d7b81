import type { JWK } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type ConnectError,
  type Fetch,
  type StoredKeys,
  toReply,
  type VerifierConfig,
} from "../src/index.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { createTestVerifier, ISSUER, JWKS, NOW, serveKeys, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

const token = await signToken();

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Never answers, and gives up when it is told to, as the global fetch does. */
const hang: Fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
  });

describe("the issuer's keys", () => {
  it.each([
    [undefined, `${ISSUER}/oauth2/jwks`],
    ["https://keys.example.com/set.json", "https://keys.example.com/set.json"],
  ])("are fetched from jwksUrl (%s) with nothing but a GET", async (jwksUrl, url) => {
    const fetch = vi.fn(serveKeys);
    await createTestVerifier({ fetch, jwksUrl }).verify(token);
    expect(fetch).toHaveBeenCalledTimes(1);
    const [input, init] = fetch.mock.calls[0] ?? [];
    expect(input).toBe(url);
    expect(init?.method ?? "GET").toBe("GET");
    expect(new Headers(init?.headers).has("authorization")).toBe(false);
    expect(init?.redirect).toBe("manual");
  });

  it("are not fetched before a token comes", () => {
    const fetch = vi.fn(serveKeys);
    createTestVerifier({ fetch });
    expect(fetch).not.toHaveBeenCalled();
  });

  it("come by the global fetch where none is given", async () => {
    const fetch = vi.fn(async () => Response.json(JWKS));
    const verifier = createTestVerifier({ fetch: undefined });
    vi.stubGlobal("fetch", fetch);
    await verifier.verify(token);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["another kid", { kid: "rsa-2" }],
    ["an empty kid", { kid: "" }],
    ["a kid of another algorithm", { kid: "ec-1" }],
    ["a kid as in a prototype", { kid: "__proto__" }],
    ["a kid with a path", { kid: "../rsa-1" }],
  ])("don't hold the key of a token with %s, which is the token's fault", async (_, header) => {
    const error = await caught(async () => createTestVerifier().verify(await signToken({}, header)));
    expect(error).toMatchObject({ code: "invalid_token", reason: "kid" });
  });
});

describe("keys that can't be had", () => {
  it.each<[what: string, fetch: Fetch]>([
    ["status 500", async () => new Response("s3cr3t", { status: 500 })],
    ["status 404", async () => Response.json(JWKS, { status: 404 })],
    ["status 429", async () => Response.json(JWKS, { status: 429 })],
    ["a redirect", async () => new Response(null, { status: 302, headers: { location: "https://s3cr3t" } })],
    ["a network error", async () => Promise.reject(new TypeError("s3cr3t", { cause: new Error("s3cr3t") }))],
    ["not JSON", async () => new Response("<html>s3cr3t")],
    ["null", async () => Response.json(null)],
    ["no keys member", async () => Response.json({ s3cr3t: [] })],
    ["keys that are no list", async () => Response.json({ keys: { s3cr3t: JWKS.keys[0] } })],
    ["keys that are no objects", async () => Response.json({ keys: ["s3cr3t"] })],
    ["an empty list of keys", async () => Response.json({ keys: [] })],
    ["no answer at all", async () => undefined as unknown as Response],
  ])("are not the token's fault: %s", async (_, fetch) => {
    const verifier = createTestVerifier({ fetch });
    const error = await caught(() => verifier.verify(token));
    expect(error).toMatchObject({ code: "jwks_unavailable", status: 503, retryable: true });

    const outcome = await verifier.authorize(withAuthorization(`Bearer ${token}`));
    expect(outcome).toEqual({
      type: "unavailable",
      error: expect.objectContaining({ code: "jwks_unavailable" }),
    });
    if (outcome.type !== "unavailable") throw new Error(outcome.type);
    const reply = toReply(outcome);
    expect(reply.status).toBe(503);
    expect(reply.headers).not.toHaveProperty("www-authenticate");
    for (const value of [error, outcome, reply]) expect(everythingSaidBy(value)).not.toContain("s3cr3t");
  });

  it("are given up after five seconds", async () => {
    const timeout = AbortSignal.timeout;
    const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 10));
    const outcome = await createTestVerifier({ fetch: hang }).authorize(withAuthorization(`Bearer ${token}`));
    expect(outcome).toMatchObject({ type: "unavailable", error: { code: "jwks_unavailable" } });
    expect(asked.mock.calls).toEqual([[5_000]]);
  });
});

describe("the life of the keys", () => {
  const SECOND = 1_000;
  const MINUTE = 60 * SECOND;

  /** A verifier whose endpoint and clock are in the test's hands. */
  function setUp(config: Partial<VerifierConfig<Readonly<Record<string, unknown>>>> = {}) {
    const world = { now: NOW * SECOND, keys: JWKS.keys as readonly JWK[] | undefined, fetches: 0 };
    const verifier = createTestVerifier({
      cacheSize: 0,
      clock: () => world.now,
      fetch: async () => {
        world.fetches += 1;
        return world.keys === undefined
          ? new Response(null, { status: 503 })
          : Response.json({ keys: world.keys });
      },
      ...config,
    });
    /** `ok`, or the code of the refusal, of a token that is good at the world's time. */
    const verify = async (header: { kid?: string } = {}) => {
      const seconds = world.now / SECOND;
      const good = await signToken({ iat: seconds, exp: seconds + 300, jti: crypto.randomUUID() }, header);
      return verifier.verify(good).then(
        () => "ok",
        (error: ConnectError) => error.code,
      );
    };
    return { world, verifier, verify };
  }

  it("begins with one fetch, however many ask", async () => {
    const { world, verifier } = setUp();
    // Signed beforehand, so that all of them come at the same moment.
    const tokens = await Promise.all(Array.from({ length: 64 }, (_, jti) => signToken({ jti: String(jti) })));
    await Promise.all(tokens.map((one) => verifier.verify(one)));
    expect(world.fetches).toBe(1);
  });

  it("goes on without a fetch while they are young", async () => {
    const { world, verify } = setUp();
    for (const age of [0, 3, 7.9]) {
      world.now = NOW * SECOND + age * MINUTE;
      expect(await verify()).toBe("ok");
    }
    expect(world.fetches).toBe(1);
  });

  it("renews them on the side before they are old, and at once when they are", async () => {
    const { world, verify } = setUp();
    await verify();
    world.now += 9 * MINUTE;
    expect(await verify()).toBe("ok");
    expect(world.fetches).toBe(2);
    world.now += 11 * MINUTE;
    world.keys = [];
    world.keys = JWKS.keys.slice(1);
    expect(await verify()).toBe("invalid_token");
  });

  it("spends one fetch per cooldown on keys that nobody knows, however many are named", async () => {
    const { world, verify } = setUp();
    expect(await verify({ kid: "x" })).toBe("invalid_token");
    expect(world.fetches).toBe(1);
    for (let index = 0; index < 50; index++) expect(await verify({ kid: `x${index}` })).toBe("invalid_token");
    expect(world.fetches).toBe(2);
    world.now += 11 * SECOND;
    await Promise.all(Array.from({ length: 50 }, (_, index) => verify({ kid: `y${index}` })));
    expect(world.fetches).toBe(3);
    expect(await verify()).toBe("ok");
  });

  it("finds a key that was just brought in with the first token that names it", async () => {
    const { world, verify } = setUp();
    expect(await verify()).toBe("ok");
    world.keys = JWKS.keys.map((key) => (key.kid === "rsa-1" ? { ...key, kid: "rsa-2" } : key));
    world.now += SECOND;
    expect(await Promise.all([verify({ kid: "rsa-2" }), verify({ kid: "rsa-2" })])).toEqual(["ok", "ok"]);
    expect(world.fetches).toBe(2);
  });

  it("asks a failing endpoint once per cooldown, and says 503 meanwhile", async () => {
    const { world, verify } = setUp();
    world.keys = undefined;
    for (let index = 0; index < 20; index++) expect(await verify()).toBe("jwks_unavailable");
    expect(world.fetches).toBe(1);
    world.keys = JWKS.keys;
    world.now += 10 * SECOND;
    expect(await verify()).toBe("ok");
    expect(world.fetches).toBe(2);
  });

  it("goes on through an outage with the last good keys, for so long and no longer", async () => {
    const { world, verify } = setUp({ keysMaxStale: 600 });
    await verify();
    world.keys = undefined;
    for (let minute = 11; minute < 20; minute++) {
      world.now = NOW * SECOND + minute * MINUTE;
      for (let index = 0; index < 5; index++) expect(await verify()).toBe("ok");
    }
    expect(world.fetches).toBe(10);
    expect(await verify({ kid: "new" })).toBe("jwks_unavailable");
    world.now = NOW * SECOND + 20 * MINUTE;
    expect(await verify()).toBe("jwks_unavailable");
    world.keys = JWKS.keys;
    world.now += 10 * SECOND;
    expect(await verify()).toBe("ok");
  });

  it("fetches them anew when the clock went back", async () => {
    const { world, verify } = setUp();
    await verify();
    world.now -= 60 * MINUTE;
    expect(await verify()).toBe("ok");
    expect(world.fetches).toBe(2);
  });

  it("is not held up by a fetch that heeds no signal", async () => {
    const timeout = AbortSignal.timeout;
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 10));
    const { verify } = setUp({ fetch: () => new Promise(() => {}) });
    expect(await verify()).toBe("jwks_unavailable");
  });

  it("is not held up by a fetch that a runtime dropped", async () => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
    let answers = false;
    const { world, verify } = setUp({
      fetch: () => (answers ? Promise.resolve(Response.json(JWKS)) : new Promise(() => {})),
    });
    void verify();
    await expect.poll(() => AbortSignal.timeout).toHaveBeenCalled();
    answers = true;
    world.now += 10 * SECOND;
    expect(await verify()).toBe("ok");
  });

  it("ends the reading of a set that is too large", async () => {
    const { verify } = setUp({
      fetch: async () => new Response(JSON.stringify({ keys: JWKS.keys, padding: "x".repeat(262_144) })),
    });
    expect(await verify()).toBe("jwks_unavailable");
  });

  it.each<[what: string, keys: (good: JWK) => object[], outcome: string]>([
    ["a key for encryption", (good) => [{ ...good, use: "enc" }], "jwks_unavailable"],
    ["a key that may not verify", (good) => [{ ...good, key_ops: ["encrypt"] }], "jwks_unavailable"],
    ["a private key", (good) => [{ ...good, d: "AQAB" }], "jwks_unavailable"],
    ["a private key beside the public one", (good) => [{ ...good, d: "AQAB" }, good], "ok"],
    ["a secret key", () => [{ kty: "oct", kid: "rsa-1", k: "c2VjcmV0" }], "jwks_unavailable"],
    ["a weak RSA key", (good) => [{ ...good, n: String(good.n).slice(0, 171) }], "jwks_unavailable"],
    [
      "a weak RSA key beside a good one",
      (good) => [{ ...good, n: String(good.n).slice(0, 171) }, good],
      "ok",
    ],
    ["more keys than anybody has", (good) => Array(65).fill(good), "jwks_unavailable"],
    ["a key of another algorithm", (good) => [{ ...good, alg: "RS512" }], "invalid_token"],
    [
      "a key of another type",
      (good) => [{ ...good, kty: "EC", crv: "P-256", alg: undefined }],
      "invalid_token",
    ],
    ["two keys of one name", (good) => [good, { ...good, e: "Aw" }], "invalid_token"],
    ["a broken key", (good) => [{ ...good, n: "*".repeat(342) }], "jwks_unavailable"],
    ["a key without alg and use", ({ alg, use, ...good }) => [good], "ok"],
    ["entries that are no keys", (good) => [null, "x", 5, {}, good], "ok"],
  ])("takes %s for what it is", async (_, keys, outcome) => {
    const { world, verify } = setUp();
    const [good] = JWKS.keys;
    world.keys = keys(good as JWK) as JWK[];
    expect(await verify()).toBe(outcome);
  });

  it("takes a token without a kid where there is one key that fits", async () => {
    const { world, verify } = setUp();
    expect(await verify({ kid: undefined as never })).toBe("ok");
    const [good] = JWKS.keys;
    const two = setUp();
    two.world.keys = [good as JWK, { ...good, kid: "other", e: "Aw" } as JWK];
    expect(await two.verify({ kid: undefined as never })).toBe("invalid_token");
    expect(world.fetches).toBe(1);
  });

  describe("with a cache of the application's", () => {
    it("starts from what the cache has, and writes what it fetched", async () => {
      const written: StoredKeys[] = [];
      const first = setUp({ keysCache: { read: () => undefined, write: (keys) => void written.push(keys) } });
      expect(await first.verify()).toBe("ok");
      expect(written).toEqual([{ jwks: { keys: JWKS.keys }, uat: NOW * SECOND }]);

      const second = setUp({ keysCache: { read: async () => written[0], write: () => {} } });
      expect(await second.verify()).toBe("ok");
      expect(second.world.fetches).toBe(0);
    });

    it("waits two seconds for it, and no longer", async () => {
      const { timeout } = AbortSignal;
      const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation((time) => {
        return timeout.call(AbortSignal, time === 2_000 ? 1 : time);
      });
      const hang = () => new Promise<never>(() => {});
      const { verify, world } = setUp({ keysCache: { read: hang, write: hang } });
      expect(await verify()).toBe("ok");
      expect(world.fetches).toBe(1);
      expect(asked.mock.calls.filter(([time]) => time === 2_000)).toHaveLength(2);
      asked.mockRestore();
    });

    it.each<[what: string, read: () => never]>([
      [
        "throws",
        () => {
          throw new Error("no store");
        },
      ],
      ["gives rubbish", () => "rubbish" as never],
      ["gives an empty set", () => ({ jwks: { keys: [] }, uat: NOW * SECOND }) as never],
      ["gives keys that are too old", () => ({ jwks: JWKS, uat: (NOW - 3_600 - 600) * SECOND }) as never],
      ["gives keys of tomorrow", () => ({ jwks: JWKS, uat: (NOW + 86_400) * SECOND }) as never],
    ])("fetches where the cache %s", async (_, read) => {
      const { world, verify } = setUp({
        keysCache: { read, write: () => Promise.reject(new Error("no store")) },
      });
      expect(await verify()).toBe("ok");
      expect(world.fetches).toBe(1);
    });
  });
});

describe("in production", () => {
  const developmentKeys: Fetch = async () => Response.json({ keys: [{ ...JWKS.keys[0], kid: "dev-rsa-1" }] });

  it.each([
    ["names it", { kid: "dev-rsa-1" }],
    ["names none", { kid: undefined }],
  ])("a local AuthKit's key counts for nothing, where the token %s", async (_, header) => {
    const token = await signToken({}, header as { kid?: string });
    const error = await caught(() =>
      createTestVerifier({ fetch: developmentKeys, production: true }).verify(token),
    );
    expect(error).toMatchObject({ code: "invalid_token", reason: "production" });
    await expect(createTestVerifier({ fetch: developmentKeys }).verify(token)).resolves.toBeDefined();
  });

  it("other keys count as always", async () => {
    await expect(createTestVerifier({ production: true }).verify(token)).resolves.toBeDefined();
  });
});
