import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { ADA, authorization, BOB, Browser, begin, complete, open, TENANT } from "./harness.js";

let authkit: LocalAuthKit;
let externalAuthId: string;

beforeAll(async () => {
  authkit = await open({
    clients: [
      {
        clientId: "client_local_partner",
        clientSecret: "s",
        name: "P",
        redirectUris: ["http://localhost:3001/callback"],
      },
    ],
  });
  return () => authkit.close();
});

beforeEach(async () => {
  externalAuthId = await begin(new Browser(), authorization(authkit));
});

const bodyWith = (changes: object) => ({ external_auth_id: externalAuthId, user: ADA, ...changes });
const coded = (code: string) => ({ code, message: "Request could not be processed." });
const invalid = (...errors: { field: string; code: string }[]) => ({
  message: "Validation failed",
  code: "invalid_request_parameters",
  errors,
});

describe("a completion", () => {
  it("answers with an address that tells nothing of the id", async () => {
    const { status, body, redirectUri, headers } = await complete(authkit, bodyWith({}));
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["redirect_uri"]);
    expect(redirectUri).toMatch(
      new RegExp(`^${authkit.issuer}/oauth2/authorize/complete\\?state=[\\w-]{43}$`),
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-request-id")).toMatch(/^req_/);
  });

  it.each<[string, Record<string, string>]>([
    ["no key", { authorization: "" }],
    ["another key", { authorization: "Bearer sk_test_other" }],
    ["another scheme", { authorization: "Basic c2s6" }],
  ])("is refused with %s", async (_name, headers) => {
    const { status, body } = await complete(authkit, bodyWith({}), headers);
    expect([status, body]).toEqual([401, { message: "Unauthorized" }]);
  });

  it.each(["", "[]", "null", "{"])("is refused when the body is %j", async (text) => {
    const { status, body } = await complete(authkit, text);
    expect([status, body.error]).toEqual([400, "Bad Request"]);
  });

  it("is refused when it is larger than any should be", async () => {
    const { status } = await complete(authkit, { ...bodyWith({}), filler: "x".repeat(600_000) });
    expect(status).toBe(413);
  });

  const choice = { value: "a", label: "A" };
  it.each<[string, () => object, { field: string; code: string }[]]>([
    [
      "nothing",
      () => ({ external_auth_id: undefined, user: undefined }),
      [
        { field: "external_auth_id", code: "required" },
        { field: "user", code: "required" },
      ],
    ],
    ["a blank id", () => ({ external_auth_id: " " }), [{ field: "external_auth_id", code: "required" }]],
    ["no user id", () => ({ user: { email: "a@b.co" } }), [{ field: "user.id", code: "required" }]],
    ["no e-mail", () => ({ user: { id: "1" } }), [{ field: "user.email", code: "required" }]],
    [
      "a name that is no text",
      () => ({ user: { ...ADA, first_name: 1 } }),
      [{ field: "user.first_name", code: "invalid_type" }],
    ],
    [
      "an option of another type",
      () => ({ user_consent_options: [{ ...TENANT, type: "text" }] }),
      [{ field: "user_consent_options.0.type", code: "invalid_type" }],
    ],
    [
      "an option without choices",
      () => ({ user_consent_options: [{ ...TENANT, choices: [] }] }),
      [{ field: "user_consent_options.0.choices", code: "required" }],
    ],
    [
      "an empty group",
      () => ({ user_consent_options: [{ ...TENANT, choices: [{ group: "G", choices: [] }] }] }),
      [{ field: "user_consent_options.0.choices.0.choices", code: "required" }],
    ],
    [
      "an empty value",
      () => ({ user_consent_options: [{ ...TENANT, choices: [{ value: "", label: "A" }] }] }),
      [{ field: "user_consent_options.0.choices.0.value", code: "required" }],
    ],
    [
      "an option without a type",
      () => ({ user_consent_options: [{ ...TENANT, type: undefined }] }),
      [{ field: "user_consent_options.0.type", code: "required" }],
    ],
    [
      "grouped and flat choices",
      () => ({ user_consent_options: [{ ...TENANT, choices: [choice, { group: "G", choices: [choice] }] }] }),
      [{ field: "user_consent_options.0.choices", code: "mixed_choices" }],
    ],
    [
      "the same value twice, in two groups",
      () => ({
        user_consent_options: [
          {
            ...TENANT,
            choices: [
              { group: "G", choices: [choice] },
              { group: "H", choices: [choice] },
            ],
          },
        ],
      }),
      [{ field: "user_consent_options.0.choices", code: "not_unique" }],
    ],
    [
      "the same claim twice",
      () => ({ user_consent_options: [TENANT, TENANT] }),
      [{ field: "user_consent_options.1.claim", code: "not_unique" }],
    ],
  ])("is refused with %s, and the id stays usable", async (_name, changes, errors) => {
    const { status, body } = await complete(authkit, bodyWith(changes()));
    expect([status, body]).toEqual([422, invalid(...errors)]);
    expect((await complete(authkit, bodyWith({}))).status).toBe(200);
  });
});

describe("users", () => {
  let authkit: LocalAuthKit;
  beforeEach(async () => {
    authkit = await open();
    return () => authkit.close();
  });
  const completeAs = async (user: object) => {
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    return complete(authkit, { external_auth_id, user });
  };

  it("S-17 are made by external id, and updated where something was sent", async () => {
    await completeAs({ ...ADA, metadata: { plan: "free", seat: "1" } });
    const made = { ...authkit.users.findByExternalId("app-1") };
    expect(made).toEqual({
      id: expect.stringMatching(/^user_[0-9A-HJKMNP-TV-Z]{26}$/),
      externalId: "app-1",
      emailLocked: false,
      email: "ada@example.com",
      firstName: "Ada",
      lastName: "Lovelace",
      metadata: { plan: "free", seat: "1" },
      createdAt: expect.stringMatching(/^2.*Z$/),
      updatedAt: expect.stringMatching(/^2.*Z$/),
    });
    await completeAs({ id: "app-1", email: "countess@example.com", metadata: { plan: "paid" } });
    expect(authkit.users.findByExternalId("app-1")).toEqual({
      ...made,
      email: "countess@example.com",
      metadata: { plan: "paid", seat: "1" },
      updatedAt: expect.stringMatching(/^2.*Z$/),
    });
  });

  it("do not share an e-mail address, in whatever case", async () => {
    await completeAs(ADA);
    await completeAs(BOB);
    for (const user of [
      { id: "app-3", email: "ADA@example.com" },
      { ...BOB, email: "Ada@Example.com" },
    ]) {
      const { status, body } = await completeAs(user);
      expect([status, body]).toEqual([400, coded("email_not_available")]);
    }
    expect((await completeAs({ ...ADA, email: "ADA@example.com" })).status).toBe(200);
  });

  it("free an e-mail address they give up", async () => {
    await completeAs(ADA);
    await completeAs({ ...ADA, email: "other@example.com" });
    expect((await completeAs({ id: "app-3", email: ADA.email })).status).toBe(200);
  });
});
