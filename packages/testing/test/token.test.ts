import { createVerifier, isConnectError, type VerifierConfig } from "@connect/core";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTestAuthKit, type TestAuthKit } from "../src/index.js";

function verifierOf(authkit: TestAuthKit, config: Partial<VerifierConfig<Record<string, unknown>>> = {}) {
  const { issuer, audience, clock } = authkit;
  return createVerifier({ issuer, audience, fetch: authkit.fetch, clock: clock.now, ...config });
}

/** Why core refuses a token. */
async function reasonOf(authkit: TestAuthKit, token: string): Promise<string | undefined> {
  try {
    await verifierOf(authkit).verify(token);
  } catch (error) {
    if (isConnectError(error, "invalid_token")) return error.reason;
    throw error;
  }
  return undefined;
}

/** What core says of each kind. A kind that is missing here fails the test, too. */
const REASONS = {
  expired: "expired",
  notYetValid: "nbf",
  wrongAudience: "aud",
  wrongIssuer: "iss",
  issuerWithSlash: "iss",
  wrongKey: "signature",
  unknownKey: "kid",
  embeddedKey: "signature",
  tampered: "signature",
  unsigned: "malformed",
  hmac: "alg",
  withoutExpiry: "exp",
  withoutSubject: "sub",
  withoutAudience: "aud",
  idToken: "id_token",
  logoutToken: "typ",
  garbage: "malformed",
};

afterEach(() => vi.restoreAllMocks());

describe("a good token", () => {
  it("has the header and the claims of AuthKit's", async () => {
    const authkit = createTestAuthKit();
    const token = await authkit.token();
    expect(decodeProtectedHeader(token)).toEqual({ alg: "RS256", kid: expect.any(String) });
    const claims = decodeJwt(token);
    expect(Object.keys(claims).sort()).toEqual(
      ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sid", "sub"].sort(),
    );
    expect(claims).toMatchObject({
      iss: authkit.issuer,
      aud: authkit.audience,
      scope: "openid profile email",
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
  });

  it("is taken by a verifier, with all that was asked for", async () => {
    const authkit = createTestAuthKit();
    const token = await authkit.token({
      sub: "user_ada",
      scopes: ["notes:read", "notes:write"],
      clientId: "client_partner",
      audience: "https://notes.example.com",
      expiresIn: "5m",
      claims: { "urn:example:tenant": "prod_us", sid: undefined, org_id: "org_1" },
    });
    const accessToken = await verifierOf(authkit, { audience: "https://notes.example.com" }).verify(token);
    expect(accessToken).toMatchObject({
      kind: "user",
      subject: "user_ada",
      scopes: ["notes:read", "notes:write"],
      clientId: "client_partner",
      consentId: undefined,
      organizationId: "org_1",
      claims: { "urn:example:tenant": "prod_us" },
    });
    expect(accessToken.expiresAt - accessToken.issuedAt).toBe(300);
  });

  it("counts a bare expiresIn in seconds, as OAuth does", async () => {
    const { exp, iat } = decodeJwt(await createTestAuthKit().token({ expiresIn: 60 }));
    expect(Number(exp) - Number(iat)).toBe(60);
  });

  it("is another one each time", async () => {
    const authkit = createTestAuthKit();
    expect(await authkit.token()).not.toBe(await authkit.token());
  });
});

describe("a broken token", () => {
  const authkit = createTestAuthKit();
  const kinds = Object.entries(authkit.token.broken);

  it("is listed by the name of the method that makes it", () => {
    expect(Object.keys(authkit.token.broken).sort()).toEqual(Object.keys(REASONS).sort());
    for (const [name, make] of kinds) expect(authkit.token[name as keyof typeof REASONS]).toBe(make);
  });

  it.each(kinds)("%s is refused for its one fault", async (name, make) => {
    expect(await reasonOf(authkit, await make())).toBe(REASONS[name as keyof typeof REASONS]);
  });

  it.each(kinds)("%s takes the options of a good one", async (name, make) => {
    const token = await make({ sub: "user_ada", claims: { "urn:example:tenant": "prod_us" } });
    if (name === "garbage") return expect(token).toBe("garbage");
    expect(decodeJwt(token)["urn:example:tenant"]).toBe("prod_us");
  });

  it("is otherwise good: the claims that are not at fault are those of a good one", async () => {
    const good = decodeJwt(await authkit.token());
    const same = { iss: good.iss, aud: good.aud, sub: good.sub, scope: good.scope };
    expect(decodeJwt(await authkit.token.expired())).toMatchObject(same);
    expect(decodeJwt(await authkit.token.wrongKey())).toMatchObject(same);
    expect(decodeJwt(await authkit.token.hmac())).toMatchObject(same);
  });

  it("signed by a stranger names the key that AuthKit publishes, or one that it doesn't", async () => {
    const { kid } = decodeProtectedHeader(await authkit.token());
    expect(decodeProtectedHeader(await authkit.token.wrongKey()).kid).toBe(kid);
    expect(decodeProtectedHeader(await authkit.token.unknownKey()).kid).not.toBe(kid);
  });
});

describe("keys", () => {
  it("are made once for however many kits there are", async () => {
    vi.resetModules();
    const generateKey = vi.spyOn(crypto.subtle, "generateKey");
    const fresh = await import("../src/index.js");
    const kits = Array.from({ length: 300 }, () => fresh.createTestAuthKit());
    expect(generateKey).not.toHaveBeenCalled();
    await Promise.all(kits.map((kit) => kit.token()));
    expect(generateKey).toHaveBeenCalledTimes(1);
    await Promise.all(kits.flatMap((kit) => [kit.token.wrongKey(), kit.token.unknownKey()]));
    expect(generateKey).toHaveBeenCalledTimes(2);
  });

  it("that were rotated away open nothing any more, and the new ones do", async () => {
    const authkit = createTestAuthKit();
    const verifier = verifierOf(authkit);
    const old = await authkit.token();
    expect((await verifier.verify(old)).subject).toBe("user_test");
    authkit.rotateKeys();
    expect((await verifier.verify(await authkit.token())).subject).toBe("user_test");
    await expect(verifier.verify(old)).rejects.toMatchObject({ code: "invalid_token", reason: "kid" });
  });

  it("of another kit stay as they are when one kit rotates its own", async () => {
    const [one, other] = [createTestAuthKit(), createTestAuthKit()];
    const token = await other.token();
    one.rotateKeys();
    expect((await verifierOf(other).verify(token)).subject).toBe("user_test");
  });
});

describe("the clock", () => {
  it("lets a token expire without anybody waiting", async () => {
    const authkit = createTestAuthKit();
    const verifier = verifierOf(authkit);
    const token = await authkit.token();
    await verifier.verify(token);
    authkit.clock.advance("306s");
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: "invalid_token", reason: "expired" });
    expect((await verifier.verify(await authkit.token())).subject).toBe("user_test");
  });

  it("moves by milliseconds or by a text with its unit", () => {
    vi.useFakeTimers({ now: 1_000_000 });
    try {
      const { clock } = createTestAuthKit();
      clock.advance(250);
      clock.advance("1.5s");
      clock.advance("1m");
      clock.advance("1h");
      clock.advance("1d");
      expect(clock.now()).toBe(1_000_000 + 250 + 1_500 + 60_000 + 3_600_000 + 86_400_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it("refuses what is no duration", () => {
    const { clock } = createTestAuthKit();
    expect(() => clock.advance("soon" as "1s")).toThrow('Not a duration such as "2s"');
    expect(() => clock.advance(Number.NaN)).toThrow(TypeError);
  });
});
