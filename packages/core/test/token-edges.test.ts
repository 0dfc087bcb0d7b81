import { describe, expect, it, vi } from "vitest";
import type { StandardSchema } from "../src/index.js";
import { caught } from "./support/errors.js";
import { CLAIMS, createTestVerifier, encode, JWKS, serveKeys, signToken } from "./support/issuer.js";
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

  it("that a schema made without a prototype are frozen as well", async () => {
    const schema: StandardSchema<{ plan: string }> = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => ({ value: Object.assign(Object.create(null), { plan: "free" }) }),
      },
    };
    const { claims } = await createTestVerifier({ claims: schema }).verify(await signToken());
    expect(Object.isFrozen(claims)).toBe(true);
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
