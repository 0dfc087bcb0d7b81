import { describe, expect, it, vi } from "vitest";
import type { Signatures, StandardSchema } from "../src/index.js";
import { webSignatures } from "../src/token/signatures.js";
import { caught } from "./support/errors.js";
import { CLAIMS, createTestVerifier, encode, JWKS, NOW, serveKeys, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

/** A token that no key was near, for what is looked at before any key is. */
const unsigned = (header: unknown, payload: unknown = CLAIMS) => `${encode(header)}.${encode(payload)}.AAAA`;

const HEADER = { alg: "RS256", kid: "rsa-1" };

describe("a header that says something odd", () => {
  it.each([
    ["typ", 5],
    ["typ", null],
    ["typ", ["JWT"]],
    ["typ", {}],
    ["typ", ""],
    ["kid", ""],
    ["kid", null],
    ["kid", "k".repeat(257)],
    ["alg", ["RS256"]],
    ["alg", null],
  ])("is refused before any key is looked for: %s %j", async (name, value) => {
    const fetch = vi.fn(serveKeys);
    const token = unsigned({ ...HEADER, [name]: value });
    const error = await caught(() => createTestVerifier({ fetch }).verify(token));
    expect(error).toMatchObject({ code: "invalid_token", reason: name });
    expect(fetch).not.toHaveBeenCalled();
  });

  it("may have a long name for its key", async () => {
    const kid = "k".repeat(256);
    const fetch = async () => Response.json({ keys: JWKS.keys.map((key) => ({ ...key, kid })).slice(0, 1) });
    expect(await createTestVerifier({ fetch }).verify(await signToken({}, { kid }))).toBeDefined();
  });
});

describe("a token in another spelling", () => {
  /** The header in base64url of a length with this rest by four. */
  function headerOf(rest: number): string {
    for (let pad = ""; ; pad += "x") {
      const text = encode({ ...HEADER, pad });
      if (text.length % 4 === rest) return text;
    }
  }

  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  it.each([
    [2, 16],
    [3, 4],
  ])("is none: spare bits at the end, %i characters after the last four", async (rest, spellings) => {
    const header = headerOf(rest);
    const last = ALPHABET.indexOf(header.slice(-1));
    for (let bits = 1; bits < spellings; bits++) {
      const other = header.slice(0, -1) + ALPHABET.charAt(last + bits);
      // A decoder makes the same of both.
      expect(Buffer.from(other, "base64url")).toEqual(Buffer.from(header, "base64url"));
      for (const token of [
        `${other}.${encode(CLAIMS)}.AAAA`,
        `${encode(HEADER)}.${other}.AAAA`,
        `${encode(HEADER)}.${encode(CLAIMS)}.${other}`,
      ]) {
        const error = await caught(() => createTestVerifier().verify(token));
        expect(error).toMatchObject({ code: "invalid_token", reason: "malformed" });
      }
    }
  });
});

describe("claims", () => {
  it("may be in any script", async () => {
    const { claims } = await createTestVerifier().verify(await signToken({ name: "Ada 日本 🔑 é" }));
    expect(claims.name).toBe("Ada 日本 🔑 é");
  });

  /** The claims of a good token where the schema makes this of them. */
  async function claimsFrom(value: unknown): Promise<unknown> {
    const schema: StandardSchema<unknown> = {
      "~standard": { version: 1, vendor: "test", validate: () => ({ value }) },
    };
    return (await createTestVerifier({ claims: schema }).verify(await signToken())).claims;
  }

  it("that a schema made without a prototype are frozen as well", async () => {
    expect(Object.isFrozen(await claimsFrom(Object.create(null)))).toBe(true);
  });

  it.each([null, undefined, 5, "x", true])("may be what a schema makes of them: %s", async (value) => {
    expect(await claimsFrom(value)).toBe(value);
  });

  it("may hold what a schema made, which stays the schema's, and may go in circles", async () => {
    const tenant = new (class Tenant {})();
    const made: Record<string, unknown> = { tenant, none: null, deep: { since: new Date(0) } };
    made.self = made;
    expect(await claimsFrom(made)).toBe(made);
    expect([made, made.deep].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(tenant)).toBe(false);
    expect(Object.isFrozen((made.deep as { since: Date }).since)).toBe(false);
  });
});

describe("a token as long as one may be", () => {
  it("is taken, and the next longer one refused", async () => {
    // The length of base64url is never one more than a multiple of four; with this name the sum can be what it must.
    const kid = "rsa-01";
    const fetch = async () => Response.json({ keys: [{ ...JWKS.keys[0], kid }] });
    let [longest, next] = ["", ""];
    for (let size = 5_400; next.length <= 8_192; size++) {
      longest = next;
      next = await signToken({ pad: "x".repeat(size) }, { kid });
    }
    expect(longest).toHaveLength(8_192);
    expect(await createTestVerifier({ fetch }).verify(longest)).toBeDefined();
    const error = await caught(() => createTestVerifier({ fetch }).verify(next));
    expect(error).toMatchObject({ reason: "malformed" });
  });
});

describe("a token that is remembered", () => {
  /** A verifier with its clock, and how often it looked at a signature. */
  function createWorld() {
    const world = { now: NOW };
    const verify = vi.fn(webSignatures.verify);
    const importKey = vi.fn(webSignatures.importKey);
    const signatures = { verify, importKey } as Signatures;
    const verifier = createTestVerifier({ signatures, clock: () => world.now * 1000 });
    return { world, verify, importKey, verifier };
  }

  it("is for as long as it counts, the tolerance at both ends included", async () => {
    const { world, verify, verifier } = createWorld();
    await verifier.verify(await signToken({ sub: "first" }));
    const token = await signToken({ nbf: NOW + 10 });
    for (const now of [NOW + 5, NOW + 9, CLAIMS.exp + 4]) {
      world.now = now;
      await verifier.verify(token);
    }
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it("does not count before its time, though its keys are as young as ever", async () => {
    const { world, verifier } = createWorld();
    await verifier.verify(await signToken({ sub: "first" }));
    world.now = NOW + 100;
    const token = await signToken({ nbf: NOW + 100 });
    await verifier.verify(token);
    world.now = NOW + 50;
    expect(await caught(() => verifier.verify(token))).toMatchObject({ reason: "nbf" });
  });

  it("is not needed for its key to be: that is taken into use once", async () => {
    const { importKey, verifier } = createWorld();
    for (const sub of ["a", "b", "c"]) await verifier.verify(await signToken({ sub }));
    expect(importKey).toHaveBeenCalledTimes(1);
  });
});

describe("a set of keys", () => {
  const manyKeys = (count: number) => [
    ...JWKS.keys,
    ...Array.from({ length: count - JWKS.keys.length }, (_, index) => ({ ...JWKS.keys[1], kid: `${index}` })),
  ];

  it("may have 64 keys, and no more", async () => {
    const verifierOf = (count: number) =>
      createTestVerifier({ fetch: async () => Response.json({ keys: manyKeys(count) }) });
    expect(await verifierOf(64).verify(await signToken())).toBeDefined();
    expect(await caught(async () => verifierOf(65).verify(await signToken()))).toMatchObject({
      code: "jwks_unavailable",
    });
  });

  it.each([{ e: "!!" }, { e: "A" }, { e: 65537 }, { n: "!!" }, { n: 5 }])(
    "is read without a key that is no number: %o",
    async (broken) => {
      const [rsa, ec] = JWKS.keys;
      const fetch = async () => Response.json({ keys: [{ ...rsa, ...broken }, ec] });
      const error = await caught(async () => createTestVerifier({ fetch }).verify(await signToken()));
      expect(error).toMatchObject({ code: "invalid_token", reason: "kid" });
    },
  );
});

describe("a POST", () => {
  it("is let in without a look at its body where no tool needs a scope", async () => {
    const readMessage = vi.fn();
    const view = { ...withAuthorization(`Bearer ${await signToken()}`), method: "POST" };
    expect(await createTestVerifier().guard()(view, readMessage)).toMatchObject({ type: "authorized" });
    expect(readMessage).not.toHaveBeenCalled();
  });

  it("is a mistake of the application's where a tool needs a scope and nothing reads the body", async () => {
    const guard = createTestVerifier().guard({ toolScopes: { write: ["notes:write"] } });
    const view = { ...withAuthorization(`Bearer ${await signToken()}`), method: "POST" };
    const error = await caught(() => guard(view));
    expect(error).toMatchObject({
      code: "invalid_config",
      reason: "toolScopes: nothing reads the body here",
    });
  });
});

describe("the Authorization header", () => {
  it("of another scheme opens nothing, also with a token that is remembered", async () => {
    const verifier = createTestVerifier();
    const token = await signToken();
    const guard = verifier.guard();
    expect(await guard(withAuthorization(`Bearer ${token}`))).toMatchObject({ type: "authorized" });
    for (const scheme of ["Custom", "Basic ", "BearerX", "Bearer"]) {
      const header = scheme === "Bearer" ? `Bearer${token}` : `${scheme} ${token}`;
      expect(await guard(withAuthorization(header))).toMatchObject({ error: { code: "missing_token" } });
    }
  });

  it.each([
    ["Bearer", "invalid_request"],
    ["BEARER", "invalid_request"],
    [" Bearer", "invalid_request"],
    ["  Bearer  ", "missing_token"],
    [" Basic", "missing_token"],
  ])("with nothing but a scheme is malformed where it is ours: %j", async (authorization, code) => {
    const view = { method: "GET", url: "/", headers: { get: () => authorization } };
    expect(await createTestVerifier().authorize(view)).toMatchObject({ error: { code } });
  });
});
