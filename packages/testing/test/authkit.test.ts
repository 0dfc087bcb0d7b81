import { createLogin, createProtectedResource, isConnectError } from "@connect/core";
import { type LocalAuthKit, startLocalAuthKit } from "@connect/local-authkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestAuthKit, type TestAuthKit } from "../src/index.js";

const ADA = { id: "user_1", email: "ada@example.com" };

function loginOf(authkit: TestAuthKit, apiKey = authkit.apiKey) {
  return createLogin({ apiKey, authkitUrl: authkit.issuer, fetch: authkit.fetch });
}

/** The code of what core throws. */
async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (isConnectError(error)) return error.code;
    throw error;
  }
  return "none";
}

describe("a login", () => {
  it("that was begun can be completed, and its completion be read in the SDK's words", async () => {
    const authkit = createTestAuthKit();
    const { externalAuthId } = authkit.beginLogin();
    const location = await loginOf(authkit).complete(externalAuthId, {
      user: { ...ADA, firstName: "Ada", lastName: "Lovelace", metadata: { plan: "pro" } },
      userConsentOptions: [{ claim: "urn:t", label: "T", choices: [{ value: "a", label: "A" }] }],
    });
    expect(new URL(location).origin).toBe(authkit.issuer);
    expect(authkit.completions).toEqual([
      {
        externalAuthId,
        user: { ...ADA, firstName: "Ada", lastName: "Lovelace", metadata: { plan: "pro" } },
        userConsentOptions: [
          { claim: "urn:t", type: "enum", label: "T", choices: [{ value: "a", label: "A" }] },
        ],
      },
    ]);
  });

  it("is told in the order in which it was completed", async () => {
    const authkit = createTestAuthKit();
    const ids = [authkit.beginLogin(), authkit.beginLogin()].map((login) => login.externalAuthId).reverse();
    for (const id of ids) await loginOf(authkit).complete(id, { user: ADA });
    expect(authkit.completions.map((completion) => completion.externalAuthId)).toEqual(ids);
  });

  it("is opened at the Login URI, with a query of its own or none, on a site or not", () => {
    const { externalAuthId, url } = createTestAuthKit().beginLogin();
    expect(url("/auth/login")).toBe(`/auth/login?external_auth_id=${externalAuthId}`);
    expect(url("https://app.example.com/auth/login?a=b")).toBe(
      `https://app.example.com/auth/login?a=b&external_auth_id=${externalAuthId}`,
    );
  });

  it("that was completed can't be completed by somebody else", async () => {
    const authkit = createTestAuthKit();
    const { externalAuthId } = authkit.beginLogin();
    await loginOf(authkit).complete(externalAuthId, { user: ADA });
    const again = loginOf(authkit).complete(externalAuthId, { user: { ...ADA, id: "user_2" } });
    expect(await codeOf(again)).toBe("external_auth_session_already_completed");
    expect(authkit.completions).toHaveLength(1);
  });

  it("that expired, or that nobody began, is not known", async () => {
    const authkit = createTestAuthKit();
    const { externalAuthId } = authkit.beginLogin();
    authkit.expireLogin(externalAuthId);
    for (const id of [externalAuthId, "ext_auth_nobody"]) {
      expect(await codeOf(loginOf(authkit).complete(id, { user: ADA }))).toBe("external_auth_id_not_found");
    }
    expect(() => authkit.expireLogin(externalAuthId)).toThrow("This AuthKit began no such login.");
  });

  it("is not completed with another API key, or for an address that is none", async () => {
    const authkit = createTestAuthKit();
    const { externalAuthId } = authkit.beginLogin();
    const stranger = loginOf(authkit, "sk_test_stranger");
    expect(await codeOf(stranger.complete(externalAuthId, { user: ADA }))).toBe("unauthorized_api_key");
    const login = loginOf(authkit);
    expect(await codeOf(login.complete(externalAuthId, { user: { ...ADA, email: "ada@here" } }))).toBe(
      "invalid_email",
    );
    expect(authkit.completions).toEqual([]);
    expect(await codeOf(login.complete(externalAuthId, { user: ADA }))).toBe("none");
  });
});

describe("the completion API says what the local AuthKit's does", () => {
  const authkit = createTestAuthKit();
  let local: LocalAuthKit;
  beforeAll(async () => {
    local = await startLocalAuthKit({
      port: 0,
      apiKey: authkit.apiKey,
      loginUri: "http://app.invalid/auth/login",
      clients: [
        { clientId: "client_local_public", name: "A client", redirectUris: ["http://localhost/callback"] },
      ],
    });
  });
  afterAll(() => local?.close());

  async function beginLocally(): Promise<string> {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: "client_local_public",
      redirect_uri: "http://localhost/callback",
      scope: "openid",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    const response = await fetch(`${local.url}/oauth2/authorize?${query}`, { redirect: "manual" });
    return new URL(response.headers.get("location") ?? "").searchParams.get("external_auth_id") ?? "";
  }

  async function answerOf(
    kit: Pick<TestAuthKit, "fetch">,
    origin: string,
    body: string,
    key = authkit.apiKey,
  ) {
    const response = await kit.fetch(`${origin}/authkit/oauth2/complete`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body,
    });
    const { redirect_uri, ...json } = await response.json();
    return { status: response.status, json, isSentOn: redirect_uri !== undefined };
  }

  const option = { claim: "urn:t", type: "enum", label: "T", choices: [{ value: "a", label: "A" }] };
  const bodies: [string, (external_auth_id: string) => unknown][] = [
    ["a user", (external_auth_id) => ({ external_auth_id, user: ADA })],
    ["an option", (external_auth_id) => ({ external_auth_id, user: ADA, user_consent_options: [option] })],
    ["no user", (external_auth_id) => ({ external_auth_id })],
    ["no id of the login", () => ({ user: ADA })],
    ["an empty id of the login", () => ({ external_auth_id: " ", user: ADA })],
    ["no id of the user", (external_auth_id) => ({ external_auth_id, user: { email: ADA.email } })],
    ["no address", (external_auth_id) => ({ external_auth_id, user: { id: "user_1" } })],
    ["an address that is a number", (external_auth_id) => ({ external_auth_id, user: { ...ADA, email: 1 } })],
    ["an address that is none", (external_auth_id) => ({ external_auth_id, user: { ...ADA, email: "ada" } })],
    ["a name that is none", (external_auth_id) => ({ external_auth_id, user: { ...ADA, first_name: 1 } })],
    [
      "options that are no list",
      (external_auth_id) => ({ external_auth_id, user: ADA, user_consent_options: 1 }),
    ],
    ["an id of nobody's", () => ({ external_auth_id: "ext_auth_nobody", user: ADA })],
    ["a list", () => []],
  ];

  it.each(bodies)("to %s", async (_, bodyOf) => {
    const here = await answerOf(
      authkit,
      authkit.issuer,
      JSON.stringify(bodyOf(authkit.beginLogin().externalAuthId)),
    );
    const there = await answerOf({ fetch }, local.url, JSON.stringify(bodyOf(await beginLocally())));
    expect(here).toEqual(there);
  });

  it("to what is no JSON, to another key, and to a login that was completed", async () => {
    const [ours, theirs] = [authkit.beginLogin().externalAuthId, await beginLocally()];
    for (const [text, key] of [
      ["{", undefined],
      ["{}", "sk_test_stranger"],
    ] as const) {
      expect(await answerOf(authkit, authkit.issuer, text, key)).toEqual(
        await answerOf({ fetch }, local.url, text, key),
      );
    }
    for (const status of [200, 400]) {
      const here = await answerOf(
        authkit,
        authkit.issuer,
        JSON.stringify({ external_auth_id: ours, user: ADA }),
      );
      const there = await answerOf(
        { fetch },
        local.url,
        JSON.stringify({ external_auth_id: theirs, user: ADA }),
      );
      expect(here).toEqual(there);
      expect(here.status).toBe(status);
    }
  });

  it("and both discovery documents are the same", async () => {
    for (const name of ["oauth-authorization-server", "openid-configuration"]) {
      const here = await (await authkit.fetch(`${authkit.issuer}/.well-known/${name}`)).text();
      const there = await (await fetch(`${local.url}/.well-known/${name}`)).json();
      expect(JSON.parse(here.replaceAll(authkit.issuer, local.issuer))).toEqual(there);
    }
  });
});

describe("the network", () => {
  it("has the completion API at WorkOS's address and at the issuer, as the application is set up", async () => {
    const authkit = createTestAuthKit();
    for (const apiUrl of [undefined, authkit.issuer]) {
      const { apiKey, issuer, fetch } = authkit;
      const login = createLogin({ apiKey, authkitUrl: issuer, apiUrl, fetch });
      await login.complete(authkit.beginLogin().externalAuthId, { user: ADA });
    }
    expect(authkit.completions).toHaveLength(2);
  });

  it("lets a resource give AuthKit's metadata on", async () => {
    const { issuer, fetch } = createTestAuthKit();
    const resource = createProtectedResource({
      resource: "https://api.example.com/mcp",
      authkitUrl: issuer,
      fetch,
    });
    const url = "https://api.example.com/.well-known/oauth-authorization-server";
    const outcome = await resource.handle(new Request(url));
    expect(outcome?.type).toBe("metadata");
  });

  it("takes a Request as well as an address", async () => {
    const authkit = createTestAuthKit();
    for (const input of [authkit.jwksUrl, new URL(authkit.jwksUrl), new Request(authkit.jwksUrl)]) {
      expect(Object.keys(await (await authkit.fetch(input)).json())).toEqual(["keys"]);
    }
  });

  it("names the method and the address of anything else, and no query", async () => {
    const authkit = createTestAuthKit();
    const elsewhere = [
      ["POST", `${authkit.issuer}/oauth2/introspection?token=secret`],
      ["POST", authkit.jwksUrl],
      ["GET", "https://api.workos.com/oauth2/jwks?token=secret"],
      ["GET", "https://elsewhere.example/oauth2/jwks"],
    ] as const;
    for (const [method, url] of elsewhere) {
      await expect(authkit.fetch(url, { method })).rejects.toThrow(
        `The test AuthKit has no answer to ${method} ${url.split("?")[0]}`,
      );
      await expect(authkit.fetch(url, { method })).rejects.not.toThrow(/secret/);
    }
  });

  it("ends a request that is aborted", async () => {
    const authkit = createTestAuthKit();
    const reason = new Error("enough");
    await expect(authkit.fetch(authkit.jwksUrl, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("is where the options say", async () => {
    const authkit = createTestAuthKit({
      issuer: "https://auth.example.com",
      apiKey: "sk_test_other",
      apiUrl: "https://api.example.net",
      audience: "https://api.example.com/v2",
    });
    const { apiKey, issuer, fetch } = authkit;
    const login = createLogin({
      apiKey,
      authkitUrl: issuer,
      apiUrl: "https://api.example.net",
      fetch,
    });
    expect(await login.complete(authkit.beginLogin().externalAuthId, { user: ADA })).toMatch(issuer);
    expect(authkit.jwksUrl).toBe("https://auth.example.com/oauth2/jwks");
    for (const wrong of ["https://auth.example.com/", "auth.example.com", "https://a.example/path"]) {
      expect(() => createTestAuthKit({ issuer: wrong })).toThrow("issuer: must be an origin");
      expect(() => createTestAuthKit({ apiUrl: wrong })).toThrow("apiUrl: must be an origin");
    }
  });
});
