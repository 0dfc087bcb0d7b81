import { describe, expect, it } from "vitest";
import type { Completion, ErrorCode, LoginConfig } from "../src/index.js";
import { ADA, API_KEY, AUTHKIT_URL, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";

const OPTIONS = [{ claim: "urn:example:tenant", label: "Workspace", choices: [{ value: "a", label: "A" }] }];

async function send(completion: Completion, config: Partial<LoginConfig> = {}) {
  const { login, calls } = createAuthkit(undefined, config);
  await login.complete("ext_auth_1", completion);
  const [call, ...others] = calls;
  if (call === undefined || others.length > 0) throw new Error(`${calls.length} calls`);
  return call;
}

/** What `complete` makes of an answer of AuthKit's. */
function complete(answer: () => Response, completion: Completion = ADA, config: Partial<LoginConfig> = {}) {
  return createAuthkit(answer, config).login.complete("ext_auth_1", completion);
}

describe("the completion call", () => {
  it("is a POST of JSON with the API key as bearer token", async () => {
    const { url, method, headers, redirect } = await send(ADA);
    expect({ url, method, redirect }).toEqual({
      url: "https://api.workos.com/authkit/oauth2/complete",
      method: "POST",
      redirect: "manual",
    });
    expect(Object.fromEntries(headers)).toEqual({
      accept: "application/json",
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
      "idempotency-key": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([
    ["https://api.example.com", "https://api.example.com/authkit/oauth2/complete"],
    ["https://api.example.com/", "https://api.example.com/authkit/oauth2/complete"],
    ["https://proxy.example.com/base", "https://proxy.example.com/base/authkit/oauth2/complete"],
    ["https://proxy.example.com/base/", "https://proxy.example.com/base/authkit/oauth2/complete"],
    ["http://127.0.0.1:4010", "http://127.0.0.1:4010/authkit/oauth2/complete"],
    [undefined, "https://api.workos.com/authkit/oauth2/complete"],
  ])("goes to apiUrl: %s", async (apiUrl, url) => {
    expect((await send(ADA, { apiUrl })).url).toBe(url);
  });

  it("says everything about the user in AuthKit's words", async () => {
    const { body } = await send({
      user: {
        id: "user_1",
        email: "ada@example.com",
        firstName: "Ada",
        lastName: "Lovelace",
        name: "Ada Lovelace",
        metadata: { plan: "pro", favouriteColour: "green" },
      },
    });
    expect(body).toStrictEqual({
      external_auth_id: "ext_auth_1",
      user: {
        id: "user_1",
        email: "ada@example.com",
        first_name: "Ada",
        last_name: "Lovelace",
        name: "Ada Lovelace",
        metadata: { plan: "pro", favouriteColour: "green" },
      },
    });
  });

  it.each<[what: string, completion: Completion]>([
    ["nothing more", ADA],
    [
      "undefined fields",
      {
        user: {
          ...ADA.user,
          firstName: undefined,
          lastName: undefined,
          name: undefined,
          metadata: undefined,
        },
        userConsentOptions: undefined,
      },
    ],
    ["null fields", { user: { ...ADA.user, firstName: null, lastName: null, name: null, metadata: null } }],
    ["no options", { ...ADA, userConsentOptions: [] }],
    [
      "fields of the application's own",
      { user: { ...ADA.user, passwordHash: "x" }, session: "y" } as Completion,
    ],
  ])("leaves out what is not known or not asked for: %s", async (_, completion) => {
    const { body } = await send(completion);
    expect(body).toStrictEqual({
      external_auth_id: "ext_auth_1",
      user: { id: "user_1", email: "ada@example.com" },
    });
  });

  it("sends flat choices as they are, and the only type there is", async () => {
    const choices = [
      { value: "prod", label: "Production" },
      { value: "test", label: "Test" },
    ];
    const { body } = await send({
      ...ADA,
      userConsentOptions: [{ claim: "urn:example:tenant", label: "Workspace", choices }],
    });
    expect(body).toStrictEqual({
      external_auth_id: "ext_auth_1",
      user: ADA.user,
      user_consent_options: [{ claim: "urn:example:tenant", type: "enum", label: "Workspace", choices }],
    });
  });

  it("sends grouped choices as they are", async () => {
    const choices = [
      {
        group: "Europe",
        choices: [
          { value: "de", label: "Germany" },
          { value: "fr", label: "France" },
        ],
      },
      { group: "America", choices: [{ value: "us", label: "United States" }] },
    ];
    const { body } = await send({
      ...ADA,
      userConsentOptions: [{ claim: "region", type: "enum", label: "Region", choices }],
    });
    expect(body).toMatchObject({
      user_consent_options: [{ claim: "region", type: "enum", label: "Region", choices }],
    });
  });

  it.each([
    [undefined, "completion must be { user, userConsentOptions? }"],
    ["user_1", "completion must be { user, userConsentOptions? }"],
    [5, "completion must be { user, userConsentOptions? }"],
    [{}, "user is missing"],
    [[], "user is missing"],
    [{ id: "user_1", email: "ada@example.com" }, "user is missing"],
  ])("is not made for %j", async (completion, reason) => {
    const { login, calls } = createAuthkit();
    const error = await caught(() => login.complete("ext_auth_1", completion as unknown as Completion));
    expect({ code: error.code, reason: error.reason }).toEqual({ code: "invalid_user", reason });
    expect(calls).toEqual([]);
  });
});

describe("AuthKit's refusal", () => {
  const coded = (code: unknown) => ({ code, message: "Request could not be processed." });
  const invalid = (field: string) => ({ message: "s3cr3t", errors: [{ field, code: "s3cr3t" }] });

  it.each<[status: number, body: unknown, code: ErrorCode, reason: string | undefined]>([
    [
      400,
      coded("external_auth_session_already_completed"),
      "external_auth_session_already_completed",
      undefined,
    ],
    [400, coded("user_consent_options_not_supported"), "user_consent_options_not_supported", undefined],
    [400, coded("email_change_not_allowed"), "email_change_not_allowed", undefined],
    [400, coded("email_not_available"), "email_not_available", undefined],
    [400, coded("invalid_email"), "invalid_email", undefined],
    [400, coded("s3cr3t"), "invalid_authkit_response", "status"],
    [400, coded("invalid_config"), "invalid_authkit_response", "status"],
    [400, coded("toString"), "invalid_authkit_response", "status"],
    [400, coded(5), "invalid_authkit_response", "status"],
    [400, { error: "Bad Request", message: "s3cr3t" }, "invalid_authkit_response", "status"],
    [400, null, "invalid_authkit_response", "status"],
    [401, { message: "Unauthorized" }, "unauthorized_api_key", "unauthorized"],
    [403, { message: "Forbidden" }, "unauthorized_api_key", "forbidden"],
    [404, { message: "s3cr3t", code: "not_found" }, "external_auth_id_not_found", undefined],
    [404, null, "external_auth_id_not_found", undefined],
    [409, {}, "invalid_authkit_response", "status"],
    [422, invalid("external_auth_id"), "invalid_external_auth_id", "refused"],
    [422, invalid("user.email"), "invalid_user", "user.email"],
    [422, invalid("user.id"), "invalid_user", "user.id"],
    [422, invalid("user.first_name"), "invalid_user", "user.firstName"],
    [422, invalid("user.last_name"), "invalid_user", "user.lastName"],
    [422, invalid("user.name"), "invalid_user", "user.name"],
    [422, invalid("user.metadata.s3cr3t"), "invalid_user", "user.metadata"],
    [422, invalid("user_consent_options.0.claim"), "invalid_user_consent_options", "userConsentOptions"],
    [422, invalid("s3cr3t"), "invalid_user", undefined],
    [422, { message: "s3cr3t" }, "invalid_user", undefined],
    [422, { errors: "s3cr3t" }, "invalid_user", undefined],
    [422, { errors: [] }, "invalid_user", undefined],
    [422, { errors: [null] }, "invalid_user", undefined],
    [422, { errors: [{ field: 5 }] }, "invalid_user", undefined],
    [422, null, "invalid_user", undefined],
    [429, { message: "s3cr3t" }, "rate_limited", undefined],
    [500, { message: "s3cr3t" }, "completion_outcome_unknown", "status"],
    [503, null, "authkit_unavailable", "status"],
    [201, { redirect_uri: REDIRECT_URI }, "invalid_authkit_response", "status"],
    [302, { redirect_uri: REDIRECT_URI }, "invalid_authkit_response", "status"],
    [418, { redirect_uri: REDIRECT_URI }, "invalid_authkit_response", "status"],
  ])("%i %j", async (status, body, code, reason) => {
    const error = await caught(() => complete(() => Response.json(body, { status })));
    expect({ code: error.code, reason: error.reason }).toEqual({ code, reason });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
  });

  it("of a reserved claim has no code, and is told by the options that were sent", async () => {
    const body = { error: "Bad Request", message: 'Claim "s3cr3t" is reserved and cannot be used.' };
    const error = await caught(() =>
      complete(() => Response.json(body, { status: 400 }), { ...ADA, userConsentOptions: OPTIONS }),
    );
    expect(error).toMatchObject({
      code: "invalid_user_consent_options",
      reason: "userConsentOptions: a claim is reserved",
    });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
  });

  it.each([[coded("s3cr3t")], [{ code: "s3cr3t", error: "Bad Request" }], [{ message: "s3cr3t" }], [null]])(
    "without a known code is no reserved claim, also when options were sent: %j",
    async (body) => {
      const error = await caught(() =>
        complete(() => Response.json(body, { status: 400 }), { ...ADA, userConsentOptions: OPTIONS }),
      );
      expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "status" });
    },
  );

  it("may come without JSON", async () => {
    for (const [status, code] of [
      [400, "invalid_authkit_response"],
      [404, "external_auth_id_not_found"],
      [422, "invalid_user"],
    ] as const) {
      const error = await caught(() => complete(() => new Response("<html>", { status })));
      expect(error.code).toBe(code);
    }
  });
});

describe("AuthKit's redirect_uri", () => {
  it.each([
    [REDIRECT_URI, REDIRECT_URI],
    [AUTHKIT_URL, `${AUTHKIT_URL}/`],
    [`${AUTHKIT_URL}:443/x`, `${AUTHKIT_URL}/x`],
    ["HTTPS://AUTH.EXAMPLE.COM/x", `${AUTHKIT_URL}/x`],
    [
      `${AUTHKIT_URL}/x?next=https://evil.example#`.replace("#", ""),
      `${AUTHKIT_URL}/x?next=https://evil.example`,
    ],
    // A browser reads these as AuthKit's as well; they go on as the parser wrote them.
    ["https:\\\\auth.example.com\\x", `${AUTHKIT_URL}/x`],
    [`${AUTHKIT_URL}\\@evil.example/x`, `${AUTHKIT_URL}/@evil.example/x`],
    [`${AUTHKIT_URL}/x\r\nSet-Cookie: a=b`, `${AUTHKIT_URL}/xSet-Cookie:%20a=b`],
    [`${AUTHKIT_URL}/x\ty`, `${AUTHKIT_URL}/xy`],
    [`${AUTHKIT_URL}/é`, `${AUTHKIT_URL}/%C3%A9`],
  ])("is followed as a URL parser writes it: %j", async (redirect_uri, location) => {
    expect(await complete(() => Response.json({ redirect_uri }))).toBe(location);
  });

  it.each([
    ["another origin", "https://evil.example/s3cr3t"],
    ["a host that begins alike", "https://auth.example.com.evil.com/s3cr3t"],
    ["a host that ends alike", "https://evilauth.example.com/s3cr3t"],
    ["a parent domain", "https://example.com/s3cr3t"],
    ["a subdomain", "https://x.auth.example.com/s3cr3t"],
    ["a trailing dot", "https://auth.example.com./s3cr3t"],
    ["a homoglyph", "https://аuth.example.com/s3cr3t"],
    ["a user name", "https://s3cr3t@auth.example.com/"],
    ["a password", "https://:s3cr3t@auth.example.com/"],
    ["AuthKit as the user name of another host", "https://auth.example.com@evil.example/s3cr3t"],
    ["a backslash before an @", "https://evil.example\\@auth.example.com/s3cr3t"],
    ["another port", "https://auth.example.com:8443/s3cr3t"],
    ["plain http", "http://auth.example.com/s3cr3t"],
    ["a fragment", "https://auth.example.com/#s3cr3t"],
    ["javascript:", "javascript:alert('s3cr3t')//https://auth.example.com/"],
    ["data:", "data:text/html,s3cr3t"],
    ["blob: of AuthKit's origin", "blob:https://auth.example.com/s3cr3t"],
    ["view-source:", "view-source:https://auth.example.com/s3cr3t"],
    ["a relative address", "/oauth2/authorize/complete?s3cr3t"],
    ["no scheme", "//auth.example.com/s3cr3t"],
    ["an empty string", ""],
    ["no URL at all", "s3cr3t"],
    ["CRLF before another host", "https://evil.example\r\n/auth.example.com/s3cr3t"],
  ])("is not followed elsewhere: %s", async (_, redirect_uri) => {
    const error = await caught(() => complete(() => Response.json({ redirect_uri })));
    expect({ code: error.code, reason: error.reason }).toEqual({
      code: "untrusted_redirect_uri",
      reason: undefined,
    });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
  });

  it.each([
    ["a number", '{"redirect_uri":5}', "redirect_uri"],
    ["null", '{"redirect_uri":null}', "redirect_uri"],
    ["a list", `{"redirect_uri":["${REDIRECT_URI}"]}`, "redirect_uri"],
    ["an object", `{"redirect_uri":{"href":"${REDIRECT_URI}"}}`, "redirect_uri"],
    ["missing", "{}", "redirect_uri"],
    ["named in another way", `{"redirectUri":"${REDIRECT_URI}"}`, "redirect_uri"],
    ["only in __proto__", `{"__proto__":{"redirect_uri":"${REDIRECT_URI}"}}`, "redirect_uri"],
    ["in a list", `[{"redirect_uri":"${REDIRECT_URI}"}]`, "redirect_uri"],
    ["the whole answer", `"${REDIRECT_URI}"`, "redirect_uri"],
    ["absent, the answer being null", "null", "redirect_uri"],
    ["absent, the answer being empty", "", "json"],
    ["absent, the answer being HTML", "<html>", "json"],
    ["cut off", `{"redirect_uri":"${REDIRECT_URI}"`, "json"],
  ])("must be a string of its own: %s", async (_, body, reason) => {
    const error = await caught(() => complete(() => new Response(body)));
    expect({ code: error.code, reason: error.reason }).toEqual({ code: "invalid_authkit_response", reason });
  });

  it("is never one that all objects have, where something put it there", async () => {
    Object.defineProperty(Object.prototype, "redirect_uri", { value: REDIRECT_URI, configurable: true });
    try {
      const error = await caught(() => complete(() => new Response("{}")));
      expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "redirect_uri" });
    } finally {
      Reflect.deleteProperty(Object.prototype, "redirect_uri");
    }
  });

  it("is the last one where a member is given twice, as for every JSON parser", async () => {
    const twice = (first: string, second: string) => () =>
      new Response(`{"redirect_uri":"${first}","redirect_uri":"${second}"}`);
    const error = await caught(() => complete(twice(REDIRECT_URI, "https://evil.example/")));
    expect(error.code).toBe("untrusted_redirect_uri");
    expect(await complete(twice("https://evil.example/", REDIRECT_URI))).toBe(REDIRECT_URI);
  });

  it("may lie on an origin that is allowed besides AuthKit's own", async () => {
    const config = { allowedRedirectOrigins: ["https://login.example.org", "https://two.example.org:8443"] };
    for (const redirect_uri of [
      REDIRECT_URI,
      "https://login.example.org/x",
      "https://two.example.org:8443/x",
    ]) {
      expect(await complete(() => Response.json({ redirect_uri }), ADA, config)).toBe(redirect_uri);
    }
    for (const redirect_uri of ["https://two.example.org/x", "http://login.example.org/x"]) {
      const error = await caught(() => complete(() => Response.json({ redirect_uri }), ADA, config));
      expect(error.code).toBe("untrusted_redirect_uri");
    }
  });

  it("may be plain http where the configured AuthKit is, on loopback", async () => {
    const redirect_uri = "http://localhost:4010/resume";
    const config = { authkitUrl: "http://localhost:4010" };
    expect(await complete(() => Response.json({ redirect_uri }), ADA, config)).toBe(redirect_uri);
  });
});
