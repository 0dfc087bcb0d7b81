import { describe, expect, it } from "vitest";
import { toReply, type VerifierConfig } from "../src/index.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import {
  AUDIENCE,
  type Changes,
  CLAIMS,
  createTestVerifier,
  encode,
  ISSUER,
  leaveUnsigned,
  NOW,
  SUBJECT,
  signEcToken,
  signStrangersToken,
  signToken,
  signWithPublicKey,
} from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

const good = await signToken();
const [header = "", payload = "", signature = ""] = good.split(".");

/** The token with its payload replaced and its signature kept. */
const tamper = (changes: Changes) => `${header}.${encode({ ...CLAIMS, ...changes })}.${signature}`;

const flipFirst = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);

describe("a good token", () => {
  it.each<[what: string, changes: Changes, header: { typ?: string }]>([
    ["without typ", {}, {}],
    ["with typ at+jwt", {}, { typ: "at+jwt" }],
    ["with typ JWT", {}, { typ: "JWT" }],
    ["whose audience is a list of one", { aud: [AUDIENCE] }, {}],
    ["whose audience is a list that holds ours", { aud: ["https://other.example.com", AUDIENCE] }, {}],
    ["with nbf in the past", { nbf: NOW - 10 }, {}],
    ["with claims of its own", { "urn:example:tenant": "prod", scope: "read" }, {}],
  ])("is accepted %s", async (_, changes, tokenHeader) => {
    const verifier = createTestVerifier();
    const token = await signToken(changes, tokenHeader);
    expect((await verifier.verify(token)).subject).toBe(SUBJECT);
    expect(await verifier.authorize(withAuthorization(`Bearer ${token}`))).toMatchObject({
      type: "authorized",
      accessToken: { subject: SUBJECT, issuer: ISSUER },
    });
  });

  it("may be signed with another algorithm where that is allowed", async () => {
    const verifier = createTestVerifier({ algorithms: ["ES256"] });
    expect((await verifier.verify(await signEcToken())).subject).toBe(SUBJECT);
    expect(await caught(() => verifier.verify(good))).toMatchObject({ code: "invalid_token", reason: "alg" });
  });

  it("is judged against the configured audience and issuer as they are", async () => {
    const config = { audience: "client_01", issuer: "https://Example.com/tenant".toLowerCase() };
    const verifier = createTestVerifier(config);
    const token = await signToken({ aud: config.audience, iss: config.issuer });
    expect(await verifier.verify(token)).toMatchObject({ audience: ["client_01"], issuer: config.issuer });
  });
});

describe("a bad token", () => {
  const bad: ReadonlyArray<[what: string, token: string | Promise<string>, reason: string]> = [
    ["expired", signToken({ exp: NOW - 60 }), "expired"],
    ["expired at the epoch", signToken({ exp: 0 }), "expired"],
    ["not yet valid", signToken({ nbf: NOW + 60 }), "nbf"],
    ["nbf as a string", signToken({ nbf: `${NOW}` }), "nbf"],
    ["another issuer", signToken({ iss: "https://other.authkit.app" }), "iss"],
    ["an issuer with a slash", signToken({ iss: `${ISSUER}/` }), "iss"],
    ["an issuer in another case", signToken({ iss: ISSUER.toUpperCase() }), "iss"],
    ["a list of issuers", signToken({ iss: [ISSUER] }), "iss"],
    ["no issuer", signToken({ iss: undefined }), "iss"],
    ["another audience", signToken({ aud: "https://other.example.com" }), "aud"],
    ["an audience with a slash", signToken({ aud: `${AUDIENCE}/` }), "aud"],
    ["an audience that holds ours", signToken({ aud: `${AUDIENCE}.evil.example` }), "aud"],
    ["an audience that ours holds", signToken({ aud: AUDIENCE.slice(0, -1) }), "aud"],
    ["an audience in another case", signToken({ aud: AUDIENCE.toUpperCase() }), "aud"],
    ["a list of other audiences", signToken({ aud: ["a", `${AUDIENCE} b`] }), "aud"],
    ["an empty list of audiences", signToken({ aud: [] }), "aud"],
    ["a nested list of audiences", signToken({ aud: [[AUDIENCE]] }), "aud"],
    ["an audience that is an object", signToken({ aud: { [AUDIENCE]: true } }), "aud"],
    ["no audience", signToken({ aud: undefined }), "aud"],
    ["no exp", signToken({ exp: undefined }), "exp"],
    ["exp as a string", signToken({ exp: `${NOW + 290}` }), "exp"],
    ["exp null", signToken({ exp: null }), "exp"],
    ["no iat", signToken({ iat: undefined }), "iat"],
    ["iat as a string", signToken({ iat: `${NOW}` }), "iat"],
    ["no sub", signToken({ sub: undefined }), "sub"],
    ["an empty sub", signToken({ sub: "" }), "sub"],
    ["a number for sub", signToken({ sub: 5 }), "sub"],
    ["an object for sub", signToken({ sub: { id: SUBJECT } }), "sub"],
    ["null for sub", signToken({ sub: null }), "sub"],
    ["alg none", leaveUnsigned({ alg: "none" }), "malformed"],
    ["alg none over a signature", `${encode({ alg: "none", kid: "rsa-1" })}.${payload}.${signature}`, "alg"],
    ["no signature", `${header}.${payload}.`, "malformed"],
    ["HS256 with the public key for its secret", signWithPublicKey(), "alg"],
    ["ES256, which is not allowed", signEcToken(), "alg"],
    ["an unknown kid", signToken({}, { kid: "rsa-2" }), "kid"],
    ["another key's signature", signStrangersToken(), "signature"],
    ["another sub under the same signature", tamper({ sub: "admin" }), "signature"],
    ["a later exp under the same signature", tamper({ exp: NOW + 9_999 }), "signature"],
    ["a changed signature", `${header}.${payload}.${flipFirst(signature)}`, "signature"],
    ["a shortened signature", `${header}.${payload}.${signature.slice(0, -6)}`, "signature"],
    [
      "another header",
      `${encode({ alg: "RS256", kid: "rsa-1", x: 1 })}.${payload}.${signature}`,
      "signature",
    ],
    ["no alg", `${encode({ kid: "rsa-1" })}.${payload}.${signature}`, "alg"],
    ["a header that is no object", `${encode("RS256")}.${payload}.${signature}`, "malformed"],
    [
      "a header that is not JSON",
      `${Buffer.from("{").toString("base64url")}.${payload}.${signature}`,
      "malformed",
    ],
    ["one segment", header, "malformed"],
    ["two segments", `${header}.${payload}`, "malformed"],
    ["four segments", `${good}.${signature}`, "malformed"],
    ["five segments, as an encrypted token has", `${header}.a.b.c.d`, "malformed"],
    ["only dots", "..", "malformed"],
    ["a word", "token", "malformed"],
    [
      "a critical extension nobody knows",
      `${encode({ alg: "RS256", kid: "rsa-1", crit: ["x"], x: 1 })}.${payload}.${signature}`,
      "crit",
    ],
  ];

  it.each(bad)("is refused, and nothing of it is told: %s", async (_, pending, reason) => {
    const token = await pending;
    const verifier = createTestVerifier();
    const error = await caught(() => verifier.verify(token));
    expect({ code: error.code, reason: error.reason }).toEqual({ code: "invalid_token", reason });

    const outcome = await verifier.authorize(withAuthorization(`Bearer ${token}`));
    if (outcome.type !== "challenge") throw new Error(outcome.type);
    expect(outcome.error).toMatchObject({ code: "invalid_token", reason, status: 401 });
    const said = [error, outcome].map(everythingSaidBy).join("\n");
    const sent = everythingSaidBy(toReply(outcome));
    const secrets = [token, ...token.split("."), SUBJECT, "rsa-1"].filter(({ length }) => length > 4);
    for (const secret of secrets) expect(said + sent).not.toContain(secret === "token" ? "'token'" : secret);
    // What was expected is for the log, and only where something else came.
    for (const expected of [ISSUER, AUDIENCE]) expect(sent).not.toContain(expected);
    if (reason !== "aud") expect(said).not.toContain(AUDIENCE);
    if (reason !== "iss") expect(said).not.toContain(ISSUER);
  });

  it.each([
    ["", "malformed"],
    [undefined, "malformed"],
    [null, "malformed"],
    [5, "malformed"],
    [{}, "malformed"],
  ])("is refused where it is no token at all: %j", async (token, reason) => {
    const error = await caught(() => createTestVerifier().verify(token as string));
    expect(error).toMatchObject({ code: "invalid_token", reason });
  });
});

describe("the clock", () => {
  const at = (seconds: number, config: Partial<VerifierConfig<Readonly<Record<string, unknown>>>> = {}) =>
    createTestVerifier({ clock: () => seconds * 1000, ...config });

  it.each<[tolerance: number | undefined, expiredFor: number, isGood: boolean]>([
    [undefined, -1, true],
    [undefined, 4, true],
    [undefined, 5, false],
    [0, -1, true],
    [0, 0, false],
    [60, 59, true],
    [60, 60, false],
  ])("tolerance %s, %i seconds after exp: good is %s", async (clockTolerance, expiredFor, isGood) => {
    const verifier = at(CLAIMS.exp + expiredFor, { clockTolerance });
    const result = await verifier.authorize(withAuthorization(`Bearer ${good}`));
    expect(result).toMatchObject(isGood ? { type: "authorized" } : { error: { reason: "expired" } });
  });

  it.each<[tolerance: number | undefined, early: number, isGood: boolean]>([
    [undefined, 5, true],
    [undefined, 6, false],
    [0, 0, true],
    [0, 1, false],
    [60, 60, true],
    [60, 61, false],
  ])("tolerance %s, %i seconds before nbf: good is %s", async (clockTolerance, early, isGood) => {
    const verifier = at(NOW - early, { clockTolerance });
    const token = await signToken({ nbf: NOW });
    const result = await verifier.authorize(withAuthorization(`Bearer ${token}`));
    expect(result).toMatchObject(isGood ? { type: "authorized" } : { error: { reason: "nbf" } });
  });

  it("is read for each token", async () => {
    let now = NOW;
    const verifier = createTestVerifier({ clock: () => now * 1000 });
    expect((await verifier.verify(good)).subject).toBe(SUBJECT);
    now = CLAIMS.exp + 5;
    expect(await caught(() => verifier.verify(good))).toMatchObject({ reason: "expired" });
  });

  it("is the application's: what it throws is no verdict on the token", async () => {
    const broken = new Error("no clock");
    const verifier = createTestVerifier({
      clock: () => {
        throw broken;
      },
    });
    await expect(verifier.verify(good)).rejects.toBe(broken);
  });

  it("is the machine's where none is given", async () => {
    const verifier = createTestVerifier({ clock: undefined });
    const now = Math.floor(Date.now() / 1000);
    expect((await verifier.verify(await signToken({ iat: now, exp: now + 300 }))).subject).toBe(SUBJECT);
    expect(await caught(() => verifier.verify(good))).toMatchObject({ reason: "expired" });
  });
});
