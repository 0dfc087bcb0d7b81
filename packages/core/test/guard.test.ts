import { describe, expect, it, vi } from "vitest";
import { type ConnectError, isConnectError, type TokenOutcome, toReply } from "../src/index.js";
import { caught } from "./support/errors.js";
import { AUDIENCE, CLAIMS, createTestVerifier, ISSUER, serveKeys, signToken } from "./support/issuer.js";
import { request, withAuthorization } from "./support/requests.js";

const good = await signToken({ scope: "openid notes:read" });
const withGood = withAuthorization(`Bearer ${good}`);

describe("a guard", () => {
  it("answers at once for a remembered token, and in time for a new one", async () => {
    const guard = createTestVerifier().guard();
    const first = guard(withGood);
    expect(first).toBeInstanceOf(Promise);
    const { accessToken } = authorized(await first);
    const second = guard(withGood);
    expect(second).not.toBeInstanceOf(Promise);
    expect(authorized(second as TokenOutcome).accessToken).toBe(accessToken);
  });

  it("looks at scopes and times of a remembered token on every request", async () => {
    let now = Number(CLAIMS.iat);
    const verifier = createTestVerifier({ clock: () => now * 1000 });
    await verifier.verify(good);
    const reading = verifier.guard({ scopes: ["notes:read"] });
    const writing = verifier.guard({ scopes: ["notes:write"] });
    expect(reading(withGood)).toMatchObject({ type: "authorized" });
    expect(writing(withGood)).toMatchObject({ error: { code: "insufficient_scope" } });
    now = CLAIMS.exp + 5;
    expect(await reading(withGood)).toMatchObject({ error: { reason: "expired" } });
  });

  it("asks each time whether a remembered token was revoked", async () => {
    const isRevoked = vi.fn(() => false);
    const guard = createTestVerifier({ isRevoked }).guard();
    for (let round = 0; round < 3; round++) await guard(withGood);
    expect(isRevoked).toHaveBeenCalledTimes(3);
  });

  it.each([
    `bearer ${good}`,
    `Bearer  ${good}`,
    `Bearer ${good} `,
    `Bearer ${good}, Bearer ${good}`,
    `Bearer ${good}=`,
  ])("remembers tokens and not headers: %#", async (authorization) => {
    const verifier = createTestVerifier();
    await verifier.verify(good);
    const view = { method: "GET", url: "/", headers: { get: () => authorization } };
    const fresh = createTestVerifier();
    expect(shape(await verifier.guard()(view))).toEqual(shape(await fresh.guard()(view)));
  });

  it.each([
    [{ scopes: ['a"b'] }, "scopes"],
    [{ scopes: "a" }, "scopes"],
    [{ toolScopes: null }, "toolScopes"],
    [{ toolScopes: "a" }, "toolScopes"],
    [{ toolScopes: { tool: "notes:write" } }, "toolScopes"],
    [{ toolScopes: { tool: ["a b"] } }, "toolScopes"],
    [{ live: true }, "live"],
  ])("is not made from %j", async (requirements, option) => {
    const error = await caught(() => createTestVerifier().guard(requirements as object));
    expect(error.code).toBe("invalid_config");
    expect(error.reason).toMatch(new RegExp(`^${option}: `));
  });
});

describe("a guard of MCP tools", () => {
  const call = (name: unknown) => ({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name } });
  const posted = request("/mcp", { method: "POST", headers: { authorization: `Bearer ${good}` } });
  const verifier = createTestVerifier();
  const guard = verifier.guard({
    scopes: ["openid"],
    toolScopes: { delete_note: ["notes:write", "notes:read"] },
  });

  it.each<[string, unknown]>([
    ["a call", call("delete_note")],
    ["a call in a batch", [call("other"), call("delete_note")]],
  ])("wants the tool's scopes for %s", async (_, message) => {
    const outcome = await guard(posted, () => message);
    if (outcome.type !== "challenge") throw new Error(outcome.type);
    expect(outcome.challenge).toContain('scope="openid notes:write notes:read"');
    expect(toReply(outcome).status).toBe(403);
  });

  it.each<[string, unknown]>([
    ["another tool", call("other")],
    ["no tool", call(undefined)],
    ["a list for a name", call(["delete_note"])],
    ["a member of every object", call("toString")],
    ["null", null],
    ["text", "delete_note"],
    ["a number", 5],
    ["parameters that are none", { ...call(""), params: "delete_note" }],
    ["lists in a list", [[call("delete_note")]]],
  ])("wants no more for %s", async (_, message) => {
    expect((await guard(posted, () => message)).type).toBe("authorized");
  });

  it("wants no more where the body is no JSON: the MCP server says so", async () => {
    expect((await guard(posted, () => JSON.parse("{"))).type).toBe("authorized");
  });

  it("lets nothing through unread", async () => {
    const broken = new TypeError("the body was read before");
    await expect(guard(posted, () => Promise.reject(broken))).rejects.toBe(broken);
    for (const unread of [
      Buffer.from(JSON.stringify(call("delete_note"))),
      new ReadableStream(),
      new Map(),
    ]) {
      expect(await caught(() => guard(posted, () => unread))).toMatchObject({ code: "invalid_config" });
    }
    expect(await caught(() => guard(posted))).toMatchObject({ code: "invalid_config" });
  });

  it.each(["GET", "DELETE"])("reads no body of %s", async (method) => {
    const view = request("/mcp", { method, headers: { authorization: `Bearer ${good}` } });
    const read = vi.fn();
    expect((await guard(view, read)).type).toBe("authorized");
    expect(read).not.toHaveBeenCalled();
  });

  it("names what the token has beside what it lacks where the resource has metadata", async () => {
    const resourceMetadataUrl = "https://api.example.com/.well-known/oauth-protected-resource/mcp";
    const guard = createTestVerifier({ resourceMetadataUrl }).guard({ scopes: ["notes:write"] });
    const token = await signToken({ scope: 'openid notes:read od"d' });
    const outcome = await guard(withAuthorization(`Bearer ${token}`));
    if (outcome.type !== "challenge") throw new Error(outcome.type);
    expect(outcome.challenge).toContain('scope="openid notes:read notes:write"');
  });
});

describe("a refusal", () => {
  it("is told to onRefusal, with what was expected, and the client is not told", async () => {
    const refusals: ConnectError[] = [];
    const verifier = createTestVerifier({ onRefusal: (error) => refusals.push(error) });
    const outcomes = [
      await verifier.authorize(request("/")),
      await verifier.authorize(
        withAuthorization(`Bearer ${await signToken({ aud: "https://other.example" })}`),
      ),
      await verifier.authorize(
        withAuthorization(`Bearer ${await signToken({ iss: "https://other.example" })}`),
      ),
      await verifier.authorize(withGood, { scopes: ["notes:write"] }),
      // Remembered by now, so that it is refused at once.
      await verifier.authorize(withGood, { scopes: ["notes:write"] }),
    ];
    expect(refusals.map(({ code, reason, expected }) => [code, reason, expected])).toEqual([
      ["missing_token", undefined, undefined],
      ["invalid_token", "aud", AUDIENCE],
      ["invalid_token", "iss", ISSUER],
      ["insufficient_scope", undefined, undefined],
      ["insufficient_scope", undefined, undefined],
    ]);
    expect(refusals[1]?.message).toContain(`(aud, expected ${AUDIENCE})`);
    for (const outcome of outcomes) {
      if (outcome.type === "authorized") throw new Error("let in");
      expect(JSON.stringify(toReply(outcome))).not.toMatch(/example\.com|authkit\.app|other\.example/);
    }
    await verifier.authorize(withGood);
    expect(refusals).toHaveLength(outcomes.length);
  });

  it("is told also where the keys can't be had", async () => {
    const onRefusal = vi.fn();
    const verifier = createTestVerifier({ onRefusal, fetch: () => Promise.reject(new Error("down")) });
    await verifier.authorize(withGood);
    expect(onRefusal.mock.calls).toMatchObject([[{ code: "jwks_unavailable" }]]);
  });
});

describe("an ID token", () => {
  it.each(["nonce", "at_hash", "c_hash"])("is no access token, told by its %s", async (claim) => {
    const verifier = createTestVerifier({ audience: "client_app" });
    const token = await signToken({ aud: "client_app", [claim]: "x", email: "ada@example.com" });
    expect(await caught(() => verifier.verify(token))).toMatchObject({
      code: "invalid_token",
      reason: "id_token",
    });
  });
});

describe("the application's own id of the user", () => {
  const claim = "urn:example:user_id";

  it("is sub where that is said", async () => {
    const verifier = createTestVerifier({ userId: "sub" });
    expect(await verifier.verify(good)).toMatchObject({ userId: CLAIMS.sub, subject: CLAIMS.sub });
  });

  it("is a claim where that is said", async () => {
    const verifier = createTestVerifier({ userId: { claim } });
    expect(await verifier.verify(await signToken({ [claim]: "usr_1" }))).toMatchObject({
      userId: "usr_1",
      subject: CLAIMS.sub,
    });
  });

  it("is not guessed", async () => {
    const token = await signToken({ [claim]: "usr_1", external_id: "usr_1" });
    expect((await createTestVerifier().verify(token)).userId).toBeUndefined();
  });

  it.each([undefined, "", null, 5, ["usr_1"]])("is in every user's token: %j is refused", async (value) => {
    const verifier = createTestVerifier({ userId: { claim } });
    expect(await caught(async () => verifier.verify(await signToken({ [claim]: value })))).toMatchObject({
      code: "invalid_token",
      reason: "userId",
    });
  });

  it("is not looked for among the members of every object", async () => {
    const verifier = createTestVerifier({ userId: { claim: "constructor" } });
    expect(await caught(() => verifier.verify(good))).toMatchObject({ reason: "userId" });
  });

  it("is nobody's where an application acts for itself", async () => {
    for (const userId of ["sub", { claim }] as const) {
      const token = await signToken({ client_id: CLAIMS.sub, [claim]: "usr_1" });
      expect(await createTestVerifier({ userId }).verify(token)).toMatchObject({
        kind: "m2m",
        userId: undefined,
      });
    }
  });

  it.each([["email"], ["sid"], [{ claim: "email" }], [{ claim: "" }], [{}], [null], [5]])(
    "is not configured as %j",
    async (userId) => {
      const error = await caught(() => createTestVerifier({ userId: userId as "sub", fetch: serveKeys }));
      expect(error.reason).toMatch(/^userId: /);
    },
  );
});

function authorized(outcome: TokenOutcome) {
  if (outcome.type !== "authorized") throw new Error(outcome.type);
  return outcome;
}

function shape(outcome: TokenOutcome) {
  return outcome.type === "authorized"
    ? outcome.type
    : [outcome.type, isConnectError(outcome.error) && outcome.error.code];
}
