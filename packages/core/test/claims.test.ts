import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ConnectError, type StandardSchema } from "../src/index.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { AUDIENCE, CLAIMS, createTestVerifier, ISSUER, NOW, SUBJECT, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

const TENANT = "urn:example:tenant";

/** A schema that does `validate`, in the simplest form the standard allows. */
function schemaOf<Output>(validate: StandardSchema<Output>["~standard"]["validate"]): StandardSchema<Output> {
  return { "~standard": { version: 1, vendor: "test", validate } };
}

describe("a verified access token", () => {
  it("has the registered claims under their names, and all claims besides", async () => {
    const ids = { client_id: "client_1", org_id: "org_1", sid: "app_consent_1", jti: "j1" };
    const extra = { scope: "openid read", [TENANT]: "prod", ...ids };
    expect(await createTestVerifier().verify(await signToken(extra))).toStrictEqual({
      kind: "user",
      subject: SUBJECT,
      userId: undefined,
      issuer: ISSUER,
      audience: [AUDIENCE],
      scopes: ["openid", "read"],
      clientId: "client_1",
      organizationId: "org_1",
      consentId: "app_consent_1",
      tokenId: "j1",
      issuedAt: NOW - 10,
      expiresAt: NOW + 290,
      claims: { ...CLAIMS, ...extra },
    });
  });

  it.each([
    ["user", { client_id: "client_1" }],
    ["user", {}],
    ["m2m", { client_id: SUBJECT }],
  ])("tells who stands behind it: %s", async (kind, changes) => {
    expect((await createTestVerifier().verify(await signToken(changes))).kind).toBe(kind);
  });

  it("takes what it need not have only where it is text", async () => {
    const odd = { client_id: 5, org_id: ["org_1"], sid: null, jti: {} };
    expect(await createTestVerifier().verify(await signToken(odd))).toMatchObject({
      clientId: undefined,
      organizationId: undefined,
      consentId: undefined,
      tokenId: undefined,
    });
  });

  it("has its whole audience as a list, and no scopes where it has none", async () => {
    const aud = ["https://other.example.com", AUDIENCE];
    expect(await createTestVerifier().verify(await signToken({ aud }))).toMatchObject({
      audience: aud,
      scopes: [],
    });
  });

  it("cannot be changed", async () => {
    const accessToken = await createTestVerifier().verify(await signToken({ scope: "read" }));
    for (const part of [accessToken, accessToken.audience, accessToken.scopes, accessToken.claims]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => (accessToken.scopes as string[]).push("admin")).toThrow(TypeError);
    expect(() => Object.assign(accessToken.claims, { sub: "user_2" })).toThrow(TypeError);
  });

  it("does not hold the token itself", async () => {
    const token = await signToken();
    const said = everythingSaidBy(await createTestVerifier().verify(token));
    for (const part of token.split(".")) expect(said).not.toContain(part);
  });

  it.each([
    [5, "scope"],
    [["read"], "scope"],
    [null, "scope"],
    [{ read: true }, "scope"],
  ])("has no scope but a string: %j", async (scope, reason) => {
    const error = await caught(async () => createTestVerifier().verify(await signToken({ scope })));
    expect(error).toMatchObject({ code: "invalid_token", reason });
  });
});

describe("a schema for the claims", () => {
  const schema = v.object({ [TENANT]: v.picklist(["prod", "test"]), plan: v.optional(v.string(), "free") });

  it("has its output taken for the claims", async () => {
    const verifier = createTestVerifier({ claims: schema });
    const { claims } = await verifier.verify(await signToken({ [TENANT]: "prod" }));
    expect(claims).toStrictEqual({ [TENANT]: "prod", plan: "free" });
  });

  it("is given the verified claims", async () => {
    const given: unknown[] = [];
    const verifier = createTestVerifier({
      claims: schemaOf((value) => {
        given.push(value);
        return { value: "shaped" };
      }),
    });
    expect((await verifier.verify(await signToken())).claims).toBe("shaped");
    expect(given).toEqual([CLAIMS]);
  });

  it("is not asked about a token that is bad", async () => {
    const verifier = createTestVerifier({
      claims: schemaOf(() => {
        throw new Error("asked");
      }),
    });
    for (const changes of [{ exp: 1 }, { aud: "x" }, { sub: "" }, { scope: 5 }]) {
      const error = await caught(async () => verifier.verify(await signToken(changes)));
      expect(error.code).toBe("invalid_token");
    }
  });

  it.each<[what: string, schema: StandardSchema<unknown>]>([
    ["at once", schema],
    ["as a promise", schemaOf(async () => ({ issues: [{ message: "s3cr3t" }] }))],
    ["with no issues named", schemaOf(() => ({ issues: [] }))],
  ])("that fails refuses the token, without its words: %s", async (_, claims) => {
    const verifier = createTestVerifier({ claims });
    const token = await signToken({ [TENANT]: "s3cr3t" });
    const error = await caught(() => verifier.verify(token));
    expect(error).toMatchObject({ code: "invalid_token", reason: "claims" });
    const outcome = await verifier.authorize(withAuthorization(`Bearer ${token}`));
    expect(outcome).toMatchObject({ type: "challenge", error: { code: "invalid_token", reason: "claims" } });
    for (const value of [error, outcome]) expect(everythingSaidBy(value)).not.toContain("s3cr3t");
  });

  it("may be asynchronous", async () => {
    const claims = v.pipeAsync(
      v.object({ [TENANT]: v.string() }),
      v.transformAsync(async (value) => value[TENANT]),
    );
    expect((await createTestVerifier({ claims }).verify(await signToken({ [TENANT]: "prod" }))).claims).toBe(
      "prod",
    );
  });

  it("throws through, where it throws", async () => {
    const thrown = new Error("database down");
    const verifier = createTestVerifier({ claims: schemaOf(() => Promise.reject(thrown)) });
    const token = await signToken();
    await expect(verifier.verify(token)).rejects.toBe(thrown);
    await expect(verifier.authorize(withAuthorization(`Bearer ${token}`))).rejects.toBe(thrown);
    expect(thrown).not.toBeInstanceOf(ConnectError);
  });
});
