import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { consentOption, createLogin, mergeClaims, type StandardSchema } from "../src/index.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { CLAIMS, createTestVerifier, signToken } from "./support/issuer.js";
import { createKeyPair, signParts, toJwk, write } from "./support/jws.js";

const TENANT = "urn:example:tenant";
const flat = consentOption(TENANT, {
  label: "Workspace",
  choices: [
    { value: "prod_us", label: "US-East" },
    { value: "prod_eu", label: "EU-West" },
  ],
});
const grouped = consentOption(TENANT, {
  label: "Workspace",
  choices: [
    { group: "Production", choices: [{ value: "prod_us", label: "US-East" }] },
    { group: "Staging", choices: [{ value: "staging_us", label: "US-East" }] },
  ],
});
const personal = consentOption(TENANT, { label: "Workspace" });
const optional = consentOption("plan", {
  label: "Plan",
  choices: [{ value: "pro", label: "Pro" }],
  optional: true,
});

/** The claims a token with these changes is verified to, or the reason of its refusal. */
async function claimsOf<Claims>(
  claims: StandardSchema<Claims>,
  changes: Record<string, unknown>,
): Promise<unknown> {
  const token = await signToken(changes);
  return createTestVerifier({ claims })
    .verify(token)
    .then(
      (accessToken) => accessToken.claims,
      (error) => error.reason,
    );
}

describe("a consent option in a verifier", () => {
  it.each<[string, StandardSchema<object>, Record<string, unknown>, unknown]>([
    ["a chosen value", flat, { [TENANT]: "prod_eu" }, { [TENANT]: "prod_eu" }],
    ["a value of a group", grouped, { [TENANT]: "staging_us" }, { [TENANT]: "staging_us" }],
    ["a value that was never a choice", flat, { [TENANT]: "prod_asia" }, "claims"],
    ["a value that is no string", flat, { [TENANT]: ["prod_us"] }, "claims"],
    ["no value", flat, {}, "claims"],
    ["any value where users have their own", personal, { [TENANT]: "anything" }, { [TENANT]: "anything" }],
    ["an empty value where users have their own", personal, { [TENANT]: "" }, "claims"],
    ["no value where users have their own", personal, {}, "claims"],
    ["no value where that is allowed", optional, {}, {}],
    ["a value where none is needed", optional, { plan: "pro" }, { plan: "pro" }],
    ["a wrong value where none is needed", optional, { plan: "free" }, "claims"],
    ["a null where none is needed", optional, { plan: null }, "claims"],
  ])("meets a token with %s", async (_, option, changes, outcome) => {
    expect(await claimsOf(option, changes)).toEqual(outcome);
  });

  it("types the claim by its choices", async () => {
    const token = await signToken({ [TENANT]: "prod_us" });
    const { claims } = await createTestVerifier({ claims: flat }).verify(token);
    expectTypeOf(claims).toEqualTypeOf<{ readonly [TENANT]: "prod_us" | "prod_eu" }>();
    const inGroups = await createTestVerifier({ claims: grouped }).verify(token);
    expectTypeOf(inGroups.claims[TENANT]).toEqualTypeOf<"prod_us" | "staging_us">();
    const own = await createTestVerifier({ claims: personal }).verify(token);
    expectTypeOf(own.claims[TENANT]).toEqualTypeOf<string>();
  });

  it.each<[string, StandardSchema<object>]>([
    ["valibot", v.object({ org_id: v.string() })],
    ["zod", z.object({ org_id: z.string() })],
    ["arktype", type({ org_id: "string" })],
  ])("works beside a schema of %s", async (_, schema) => {
    const both = mergeClaims(flat, schema);
    const good = { [TENANT]: "prod_us", org_id: "org_1" };
    expect(await claimsOf(both, good)).toMatchObject(good);
    expect(await claimsOf(both, { ...good, org_id: 5 })).toBe("claims");
    expect(await claimsOf(both, { ...good, [TENANT]: "x" })).toBe("claims");
  });

  it("gives the claims the types of all schemas", async () => {
    const claims = mergeClaims(flat, optional, v.object({ level: v.number() }));
    const verifier = createTestVerifier({ claims });
    const token = await signToken({ [TENANT]: "prod_us", level: 2 });
    const accessToken = await verifier.verify(token);
    expectTypeOf(accessToken.claims[TENANT]).toEqualTypeOf<"prod_us" | "prod_eu">();
    expectTypeOf(accessToken.claims.plan).toEqualTypeOf<"pro" | undefined>();
    expectTypeOf(accessToken.claims.level).toEqualTypeOf<number>();
    expect(accessToken.claims).toEqual({ [TENANT]: "prod_us", level: 2 });
  });

  it("does not let a claim called __proto__ stand for claims that the token lacks", async () => {
    const pair = await createKeyPair("RS256");
    const payload = JSON.stringify(CLAIMS).replace("{", '{"__proto__":{"plan":"pro"},');
    const token = write(signParts('{"alg":"RS256"}', payload, "RS256", pair));
    // arktype keeps what it was not asked about.
    const claims = mergeClaims(optional, type({ sub: "string" }));
    const fetch = async () => Response.json({ keys: [toJwk(pair)] });
    const accessToken = await createTestVerifier({ claims, fetch }).verify(token);
    expect(accessToken.claims.plan).toBeUndefined();
    expect(Object.isFrozen(accessToken.claims)).toBe(true);
  });
});

describe("a consent option at the Login URI", () => {
  async function sentOptions(userConsentOptions: readonly object[]): Promise<unknown> {
    let body: unknown;
    const login = createLogin({
      apiKey: "sk_test",
      authkitUrl: "https://example.authkit.app",
      fetch: async (_, init) => {
        body = JSON.parse(String(init?.body));
        return Response.json({ redirect_uri: "https://example.authkit.app/x" });
      },
    });
    const user = { id: "usr_ada", email: "ada@example.com" };
    await login.complete("ext_auth_1", { user, userConsentOptions: userConsentOptions as never });
    return (body as { user_consent_options: unknown }).user_consent_options;
  }

  it("is sent as AuthKit knows it, and nothing else of it", async () => {
    expect(await sentOptions([grouped])).toEqual([
      { claim: TENANT, type: "enum", label: "Workspace", choices: grouped.choices },
    ]);
  });

  it("is sent with each user's own choices", async () => {
    const choices = [{ value: "ws_1", label: "One" }];
    expect(await sentOptions([personal.withChoices(choices)])).toEqual([
      { claim: TENANT, type: "enum", label: "Workspace", choices },
    ]);
  });

  it("is checked with each user's own choices", async () => {
    const error = await caught(() => sentOptions([personal.withChoices([])]));
    expect(error).toMatchObject({
      code: "invalid_user_consent_options",
      reason: "userConsentOptions[0].choices must not be empty",
    });
  });
});

describe("a consent option that AuthKit would refuse", () => {
  const SECRET = "s3cr3t";
  const choice = { value: SECRET, label: SECRET };

  it.each<[string, string, object]>([
    ["claim is reserved", "sub", { label: SECRET, choices: [choice] }],
    ["claim is reserved", "scope", { label: SECRET }],
    ["claim must not be empty", "", { label: SECRET, choices: [choice] }],
    ["label must not be empty", "x", { label: "", choices: [choice] }],
    ["label is too long", "x", { label: SECRET.repeat(200) }],
    ["choices must not be empty", "x", { label: SECRET, choices: [] }],
    ["choices must have different values", "x", { label: SECRET, choices: [choice, choice] }],
    ["choices[0].label must not be empty", "x", { label: SECRET, choices: [{ value: SECRET, label: "" }] }],
    [
      "choices[1].group is missing",
      "x",
      { label: SECRET, choices: [{ group: "g", choices: [choice] }, choice] },
    ],
  ])("is refused where it is made: %s", async (reason, claim, definition) => {
    const error = await caught(() => consentOption(claim, definition as never));
    expect(error.code).toBe("invalid_config");
    expect(error.reason).toBe(`consentOption: ${reason}`);
    expect(everythingSaidBy(error)).not.toContain(SECRET);
  });
});
