import { describe, expect, it, vi } from "vitest";
import { caught } from "./support/errors.js";
import { CLAIMS, createTestVerifier, encode, JWKS, NOW, signToken } from "./support/issuer.js";

const token = await signToken();
const [header = "", payload = "", signature = ""] = token.split(".");

/** The same bytes, with the bits that base64url leaves over at the end set. */
function withSpareBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1);
}

describe("a token's one spelling", () => {
  it("has spare bits to play with in this test", () => {
    expect(Buffer.from(withSpareBits(signature), "base64url")).toEqual(Buffer.from(signature, "base64url"));
  });

  it.each([
    ["spare bits", `${header}.${payload}.${withSpareBits(signature)}`],
    ["padding", `${token}==`],
    ["one padding", `${token}=`],
    ["white space inside", `${header}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`],
    ["a line break at the end", `${token}\n`],
    ["a space before", ` ${token}`],
    ["a tab in the header", `${header.slice(0, 4)}\t${header.slice(4)}.${payload}.${signature}`],
    ["the plain base64 alphabet", `${header}.${payload}.+/${signature.slice(2)}`],
    ["a character no base64 has", `${header}.${payload}.é${signature.slice(1)}`],
    ["an empty part", `${header}..${signature}`],
    ["two parts", `${header}.${payload}`],
    ["four parts", `${token}.`],
    ["four full parts", `${token}.${signature}`],
    ["five parts, as encrypted tokens have", `${token}.AA.AA`],
    ["an incomplete group", `${header}.${payload}.${"A".repeat(341)}`],
    ["nothing", ""],
    ["dots alone", ".."],
    ["more than 8192 characters", `${header}.${"A".repeat(8_192)}.${signature}`],
  ])("is the only one that counts: not with %s", async (_, spelling) => {
    const verifier = createTestVerifier();
    await verifier.verify(token);
    expect(await caught(() => verifier.verify(spelling))).toMatchObject({
      code: "invalid_token",
      reason: "malformed",
    });
  });

  it("has at most 8192 characters, however well it is signed", async () => {
    const long = await signToken({ padding: "x".repeat(8_000) });
    expect(await caught(() => createTestVerifier().verify(long))).toMatchObject({ reason: "malformed" });
  });

  it("is UTF-8 inside", async () => {
    const bytes = Buffer.from(JSON.stringify({ ...CLAIMS, sub: "caf\u00e9" }), "latin1");
    const forged = `${header}.${bytes.toString("base64url")}.${signature}`;
    expect(await caught(() => createTestVerifier().verify(forged))).toMatchObject({ reason: "malformed" });
  });

  it.each([undefined, null, 5, {}, ["a.b.c"]])("is a string, not %j", async (value) => {
    expect(await caught(() => createTestVerifier().verify(value as string))).toMatchObject({
      reason: "malformed",
    });
  });
});

describe("what a signed token must say", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["exp as null", { exp: null }, "exp"],
    ["exp as a string", { exp: String(CLAIMS.exp) }, "exp"],
    ["iat as a string", { iat: String(CLAIMS.iat) }, "iat"],
    ["nbf as a string", { nbf: String(CLAIMS.iat) }, "nbf"],
    ["a number in aud", { aud: [CLAIMS.aud, 5] }, "aud"],
    ["no aud at all", { aud: undefined }, "aud"],
    ["aud as an empty list", { aud: [] }, "aud"],
    ["sub as a list", { sub: ["a"] }, "sub"],
    ["scope as a list", { scope: ["a"] }, "scope"],
    ["iss as a list", { iss: [CLAIMS.iss] }, "iss"],
  ])("is refused with %s", async (_, changes, reason) => {
    const bad = await signToken(changes);
    expect(await caught(() => createTestVerifier().verify(bad))).toMatchObject({ reason });
  });

  it.each(["logout+jwt", "id+jwt", "dpop+jwt", "secevent+jwt", "jose", ""])(
    "is refused as a token of type %j",
    async (typ) => {
      const other = await signToken({}, { typ });
      expect(await caught(() => createTestVerifier().verify(other))).toMatchObject({ reason: "typ" });
    },
  );

  it.each(["JWT", "jwt", "at+jwt", "application/at+jwt", undefined])("is taken as type %j", async (typ) => {
    const good = await signToken({}, typ === undefined ? {} : { typ });
    expect((await createTestVerifier().verify(good)).issuer).toBe(CLAIMS.iss);
  });

  it("does not count where it is only inherited", async () => {
    const raw = `{"iss":"${CLAIMS.iss}","aud":"${CLAIMS.aud}","iat":${NOW},"__proto__":{"exp":${NOW + 300},"sub":"a"}}`;
    const forged = `${header}.${Buffer.from(raw).toString("base64url")}.${signature}`;
    expect(await caught(() => createTestVerifier().verify(forged))).toMatchObject({ reason: "exp" });
  });

  it("does not count where a number runs over", async () => {
    const raw = JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e400');
    const forged = `${header}.${Buffer.from(raw).toString("base64url")}.${signature}`;
    expect(await caught(() => createTestVerifier().verify(forged))).toMatchObject({ reason: "exp" });
  });
});

describe("before the expensive step", () => {
  const unsigned = (head: object, claims: object) => `${encode(head)}.${encode(claims)}.${signature}`;
  const good = { alg: "RS256", kid: "rsa-1" };

  it.each<[string, string]>([
    ["another alg", unsigned({ ...good, alg: "HS256" }, CLAIMS)],
    ["an extension marked critical", unsigned({ ...good, crit: ["exp"] }, CLAIMS)],
    ["an unencoded payload", unsigned({ ...good, b64: false, crit: ["b64"] }, CLAIMS)],
    ["a kid that is no string", unsigned({ ...good, kid: 5 }, CLAIMS)],
    ["a kid without end", unsigned({ ...good, kid: "k".repeat(257) }, CLAIMS)],
    ["another issuer", unsigned(good, { ...CLAIMS, iss: "https://evil.example" })],
    ["another audience", unsigned(good, { ...CLAIMS, aud: "https://evil.example" })],
    ["an end in the past", unsigned(good, { ...CLAIMS, exp: NOW - 60 })],
    [
      "bytes that are no text",
      `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString("base64url")}.${signature}`,
    ],
  ])("%s is seen, and no key is asked for", async (_, bad) => {
    const fetch = vi.fn(async () => Response.json(JWKS));
    const verify = vi.fn(() => true);
    const verifier = createTestVerifier({ fetch, signatures: { importKey: () => ({}), verify } });
    expect(await caught(() => verifier.verify(bad))).toMatchObject({ code: "invalid_token" });
    expect(fetch).not.toHaveBeenCalled();
    expect(verify).not.toHaveBeenCalled();
  });

  it("keys that a token brings along are never used", async () => {
    const fetch = vi.fn(async () => Response.json(JWKS));
    const [jwk] = JWKS.keys;
    const head = {
      ...good,
      kid: "mine",
      jwk,
      jku: "https://evil.example/jwks",
      x5u: "https://evil.example/x5u",
    };
    const error = await caught(() => createTestVerifier({ fetch }).verify(unsigned(head, CLAIMS)));
    expect(error).toMatchObject({ reason: "kid" });
    expect(fetch.mock.calls.every(([url]: unknown[]) => String(url).startsWith(CLAIMS.iss))).toBe(true);
  });
});
