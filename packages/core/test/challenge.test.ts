import { describe, expect, it } from "vitest";

import { caught, everythingSaidBy } from "./support/errors.js";
import { createTestVerifier, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

const INSUFFICIENT =
  'Bearer error="insufficient_scope", error_description="The access token lacks a scope this resource needs."';

async function authorize(scope: unknown, scopes?: readonly string[]) {
  const token = await signToken({ scope });
  return createTestVerifier().authorize(withAuthorization(`Bearer ${token}`), { scopes });
}

describe("a challenge", () => {
  it("names invalid_token with the same words for every way of being bad", async () => {
    const verifier = createTestVerifier();
    const challenges = new Set<string>();
    for (const changes of [
      { exp: 1 },
      { iss: "https://evil.example" },
      { aud: "x" },
      { sub: 5 },
      { scope: 5 },
    ]) {
      const outcome = await verifier.authorize(withAuthorization(`Bearer ${await signToken(changes)}`));
      if (outcome.type !== "challenge") throw new Error(outcome.type);
      challenges.add(outcome.challenge);
    }
    expect([...challenges]).toEqual([
      'Bearer error="invalid_token", error_description="The access token is malformed, expired, or not meant for this resource."',
    ]);
  });

  it("names all the scopes that are needed, not only the missing one", async () => {
    expect(await authorize("read", ["read", "write", "urn:example:admin"])).toMatchObject({
      type: "challenge",
      challenge: `${INSUFFICIENT}, scope="read write urn:example:admin"`,
      error: { code: "insufficient_scope", status: 403 },
    });
  });

  it("names no scopes where the token is bad besides", async () => {
    const outcome = await createTestVerifier().authorize(withAuthorization("Bearer x"), { scopes: ["read"] });
    expect(outcome).toMatchObject({ type: "challenge", challenge: expect.not.stringContaining("read") });
  });

  it("is bare without a token, also where scopes are needed", async () => {
    const outcome = await createTestVerifier().authorize(withAuthorization(""), { scopes: ["read"] });
    expect(outcome).toMatchObject({ type: "challenge", challenge: "Bearer" });
  });
});

describe("a challenge of a resource with metadata", () => {
  const resourceMetadataUrl = "https://api.example.com/.well-known/oauth-protected-resource/mcp?a=1,2";
  const parameter = `resource_metadata="${resourceMetadataUrl}"`;
  const challengeOf = async (authorization: string) => {
    const verifier = createTestVerifier({ resourceMetadataUrl });
    const outcome = await verifier.authorize(withAuthorization(authorization), { scopes: ["read"] });
    if (outcome.type !== "challenge") throw new Error(outcome.type);
    return outcome.challenge;
  };

  it("says where it is, also without a token", async () => {
    expect(await challengeOf("")).toBe(`Bearer ${parameter}`);
    expect(await challengeOf("Basic x")).toBe(`Bearer ${parameter}`);
  });

  it("says where it is after what RFC 6750 asks for", async () => {
    expect(await challengeOf(`Bearer ${await signToken()}`)).toBe(
      `${INSUFFICIENT}, scope="read", ${parameter}`,
    );
    expect(await challengeOf("Bearer x")).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", resource_metadata="[^"]+"$/,
    );
    expect(await challengeOf("Bearer a b")).toContain(`error="invalid_request"`);
    expect(await challengeOf("Bearer a b")).toContain(parameter);
  });

  it("is not given where the token could not be checked", async () => {
    const verifier = createTestVerifier({
      resourceMetadataUrl,
      fetch: async () => new Response(null, { status: 500 }),
    });
    const outcome = await verifier.authorize(withAuthorization(`Bearer ${await signToken()}`));
    expect(outcome).toEqual({ type: "unavailable", error: expect.anything() });
  });
});

describe("the scopes of a route", () => {
  it.each<[has: unknown, needs: readonly string[] | undefined]>([
    [undefined, undefined],
    [undefined, []],
    ["read", undefined],
    ["read", ["read"]],
    ["read write", ["write", "read"]],
    ["write  read ", ["read"]],
    ["a!#[]^_`{|}~:/", ["a!#[]^_`{|}~:/"]],
  ])("are there: has %j, needs %j", async (has, needs) => {
    expect((await authorize(has, needs)).type).toBe("authorized");
  });

  it.each<[has: unknown, needs: readonly string[]]>([
    [undefined, ["read"]],
    ["", ["read"]],
    ["read", ["read", "write"]],
    ["write", ["read"]],
    ["Read", ["read"]],
    ["reader", ["read"]],
    ["read:all", ["read"]],
    ["read,write", ["read"]],
    ["read\twrite", ["read"]],
  ])("are not there: has %j, needs %j", async (has, needs) => {
    expect(await authorize(has, needs)).toMatchObject({
      type: "challenge",
      error: { code: "insufficient_scope" },
    });
  });

  it.each([
    ["a quote", ['s3cr3t"']],
    ["a backslash", ["s3cr3t\\"]],
    ["a space", ["s3cr3t write"]],
    ["CRLF", ["s3cr3t\r\nx: y"]],
    ["a line feed at the end", ["s3cr3t\n"]],
    ["a letter outside of ASCII", ["s3cr3té"]],
    ["an empty name", ["s3cr3t", ""]],
    ["a number", ["s3cr3t", 5]],
    ["a string in place of a list", "s3cr3t"],
    ["null", null],
    ["an object", { s3cr3t: true }],
  ])("are configuration, and refused: %s", async (_, scopes) => {
    const requirements = { scopes: scopes as readonly string[] };
    for (const run of [
      () => createTestVerifier().guard(requirements),
      () => createTestVerifier().authorize(withAuthorization(""), requirements),
    ]) {
      const error = await caught(run);
      expect(error).toMatchObject({
        code: "invalid_config",
        reason: "scopes: must be a list of scope names",
      });
      expect(everythingSaidBy(error)).not.toContain("s3cr3t");
    }
  });
});
