import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { ADA, authorization, BOB, Browser, begin, complete, open, start, TENANT } from "./harness.js";

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
      {
        clientId: "first",
        clientSecret: "s",
        name: "F",
        firstParty: true,
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
      "51 metadata keys",
      () => ({
        user: { ...ADA, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"])) },
      }),
      [{ field: "user.metadata", code: "too_many_keys" }],
    ],
    [
      "a long metadata key",
      () => ({ user: { ...ADA, metadata: { ["k".repeat(41)]: "v" } } }),
      [{ field: `user.metadata.${"k".repeat(41)}`, code: "key_too_long" }],
    ],
    [
      "a long metadata value",
      () => ({ user: { ...ADA, metadata: { k: "v".repeat(601) } } }),
      [{ field: "user.metadata", code: "value_too_long" }],
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

  it("takes metadata up to its limits", async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`${i}`.padEnd(40, "k"), "v".repeat(600)]),
    );
    expect((await complete(authkit, bodyWith({ user: { ...ADA, metadata } }))).status).toBe(200);
  });

  it("is refused for an id that is not known", async () => {
    const { status, body } = await complete(authkit, bodyWith({ external_auth_id: "ext_auth_0" }));
    expect([status, body]).toEqual([404, { message: "Not Found", code: "not_found" }]);
  });

  it.each(["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id", "scope", "org_id"])(
    "is refused when an option sets the reserved claim %s",
    async (claim) => {
      const { status, body } = await complete(
        authkit,
        bodyWith({ user_consent_options: [{ ...TENANT, claim }] }),
      );
      const message = `Claim "${claim}" is reserved and cannot be used.`;
      expect([status, body]).toEqual([400, { error: "Bad Request", message }]);
    },
  );

  it("is refused with options for a first-party application, which has no consent screen", async () => {
    const external_auth_id = await begin(new Browser(), authorization(authkit, { client_id: "first" }));
    const refused = await complete(authkit, bodyWith({ external_auth_id, user_consent_options: [TENANT] }));
    expect([refused.status, refused.body]).toEqual([400, coded("user_consent_options_not_supported")]);
    expect((await complete(authkit, bodyWith({ external_auth_id, user_consent_options: [] }))).status).toBe(
      200,
    );
  });

  it("is refused with an e-mail address that is none", async () => {
    const { status, body } = await complete(authkit, bodyWith({ user: { ...ADA, email: "ada" } }));
    expect([status, body]).toEqual([400, coded("invalid_email")]);
  });
});

describe("an external_auth_id", () => {
  it("is completed once", async () => {
    await complete(authkit, bodyWith({}));
    const { status, body } = await complete(authkit, bodyWith({ user: BOB }));
    expect([status, body]).toEqual([400, coded("external_auth_session_already_completed")]);
  });

  it("is completed once by completions that race", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(authkit, bodyWith({}))));
    const codes = answers.map(({ status, body }) => (status === 200 ? 200 : body.code));
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(codes.filter((code) => code === "external_auth_session_already_completed")).toHaveLength(19);
  });

  it("expires", async () => {
    let now = Date.now();
    const late = await start({ externalAuthTtl: 10 }, { clock: () => now });
    const ids = [];
    for (let i = 0; i < 2; i += 1) ids.push(await begin(new Browser(), authorization(late)));
    now += 9_999;
    expect((await complete(late, { external_auth_id: ids[0], user: ADA })).status).toBe(200);
    now += 1;
    for (const external_auth_id of ids) {
      expect((await complete(late, { external_auth_id, user: ADA })).body.code).toBe("not_found");
    }
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

  it("are made by external id, and updated where something was sent", async () => {
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

  it("may be barred from changing the e-mail address", async () => {
    await completeAs(ADA);
    authkit.users.lockEmail(ADA.id);
    const { status, body } = await completeAs({ ...ADA, email: "other@example.com" });
    expect([status, body]).toEqual([400, coded("email_change_not_allowed")]);
    expect((await completeAs(ADA)).status).toBe(200);
  });
});
