import * as client from "openid-client";
import { beforeAll, describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import {
  ADA,
  allow,
  authorization,
  Browser,
  begin,
  complete,
  decode,
  exchange,
  open,
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  PUBLIC,
  PUBLIC_CALLBACK,
  post,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const M2M = "client_m2m";
const DEVICE = "client_device";
const M2M_SECRET = "m2m_secret:+%";
const CLIENTS = [
  { clientId: PARTNER, clientSecret: PARTNER_SECRET, name: "Acme Reports", redirectUris: [PARTNER_CALLBACK] },
  { clientId: DEVICE, name: "Device", redirectUris: ["http://localhost/callback"] },
  { clientId: PUBLIC, name: "MCP", redirectUris: ["http://localhost/callback"] },
  {
    clientId: M2M,
    clientSecret: M2M_SECRET,
    name: "Job",
    redirectUris: [],
    grantTypes: ["client_credentials" as const],
    scopes: ["jobs:run"],
  },
];

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open({ clients: CLIENTS });
  return () => authkit.close();
});

const partner = { client_id: PARTNER, client_secret: PARTNER_SECRET };
const refresh = (refresh_token: unknown, changes: Record<string, string> = {}) =>
  post(authkit, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: String(refresh_token),
    ...partner,
    ...changes,
  });

async function codeFor(changes: Record<string, string | undefined> = {}) {
  const browser = new Browser();
  const request = authorization(authkit, changes);
  const page = await signIn(authkit, browser, request);
  const callback = await allow(authkit, browser, page);
  return { request, callback, code: callback.searchParams.get("code") };
}

describe("an OAuth client", () => {
  it.each([
    [PARTNER, client.ClientSecretBasic(PARTNER_SECRET)],
    [PARTNER, client.ClientSecretPost(PARTNER_SECRET)],
    [PUBLIC, client.None()],
  ])("finds nothing unusual: %s", async (clientId, method) => {
    const config = await client.discovery(new URL(authkit.issuer), clientId, undefined, method, {
      algorithm: "oauth2",
      execute: [client.allowInsecureRequests],
    });
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: clientId === PUBLIC ? PUBLIC_CALLBACK : PARTNER_CALLBACK,
      scope: "openid profile email offline_access",
      state: "s",
      nonce: "n",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    const browser = new Browser();
    const request = { url: url.href, clientId, redirectUri: "", verifier };
    const page = await signIn(authkit, browser, request);
    const callback = await allow(authkit, browser, page);
    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: verifier,
      expectedState: "s",
      expectedNonce: "n",
      idTokenExpected: true,
    });
    expect(tokens.claims()?.email).toBe(ADA.email);
    const renewed = await client.refreshTokenGrant(config, String(tokens.refresh_token));
    expect(renewed.access_token).not.toBe(tokens.access_token);
  });
});

describe("tokens", () => {
  it("have the documented members and claims", async () => {
    const { body, headers } = await tokensFor(authkit, { nonce: "n" });
    expect(Object.keys(body).sort()).toEqual([
      "access_token",
      "expires_in",
      "id_token",
      "refresh_token",
      "token_type",
    ]);
    expect(body).toMatchObject({ expires_in: 300, token_type: "bearer" });
    expect(headers.get("cache-control")).toBe("no-store");

    const user = authkit.users.findByExternalId(ADA.id);
    const access = decode(body.access_token);
    expect(access.header).toEqual({ alg: "RS256", kid: expect.stringMatching(/^dev-/) });
    expect(access.claims).toEqual({
      iss: authkit.issuer,
      aud: "client_local_environment",
      sub: user?.id,
      client_id: PARTNER,
      sid: expect.stringMatching(/^app_consent_[0-9A-Z]{26}$/),
      scope: "openid profile email offline_access",
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: Number(access.claims.iat) + 300,
    });

    const id = decode(body.id_token);
    expect(id.claims).toEqual({
      iss: authkit.issuer,
      aud: PARTNER,
      sub: user?.id,
      nonce: "n",
      name: "Ada Lovelace",
      given_name: "Ada",
      family_name: "Lovelace",
      email: ADA.email,
      email_verified: true,
      iat: expect.any(Number),
      exp: Number(id.claims.iat) + 3600,
    });
  });

  it("follow the scopes", async () => {
    const { body } = await tokensFor(authkit, { scope: "openid email" });
    expect(body.refresh_token).toBeUndefined();
    expect(decode(body.id_token).claims.name).toBeUndefined();
    const plain = await tokensFor(authkit, { scope: "profile", nonce: "n" });
    expect(Object.keys(plain.body).sort()).toEqual(["access_token", "expires_in", "token_type"]);
    expect(decode(plain.body.access_token).claims.scope).toBe("profile");
  });

  it("can be given other lifetimes", async () => {
    const short = await start({ accessTokenTtl: 7 });
    const { body } = await tokensFor(short);
    const { iat, exp } = decode(body.access_token).claims;
    expect([body.expires_in, Number(exp) - Number(iat)]).toEqual([7, 7]);
  });
});

describe("PKCE", () => {
  it.each<[string, Record<string, string | undefined>]>([
    [
      "missing, for a public client",
      { client_id: PUBLIC, code_challenge: undefined, code_challenge_method: undefined },
    ],
    ["plain", { code_challenge_method: "plain" }],
    ["of no method, which means plain", { code_challenge_method: undefined }],
    ["a method without a challenge", { code_challenge: undefined }],
  ])("is refused when it is %s", async (_name, changes) => {
    const { location } = await new Browser().request(authorization(authkit, changes).url);
    const { searchParams, origin } = new URL(location);
    expect(origin).toMatch(/^http:\/\/localhost:/);
    expect([searchParams.get("error"), searchParams.get("state")]).toEqual(["invalid_request", "the state"]);
    expect(searchParams.has("iss")).toBe(false);
  });

  it.each([
    ["wrong", "x".repeat(43)],
    ["empty", ""],
  ])("is honoured for confidential clients: %s verifier", async (_n, code_verifier) => {
    const { request, code } = await codeFor();
    const { status, body } = await exchange(authkit, request, code, { code_verifier });
    expect([status, body.error]).toEqual([400, "invalid_grant"]);
  });
});

describe("a code", () => {
  it("is exchanged once by requests that race", async () => {
    const { request, code } = await codeFor();
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(authkit, request, code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ body }) => body.error === "invalid_grant").length).toBeGreaterThanOrEqual(9);
  });

  it.each<[string, Record<string, string>]>([
    ["another redirect_uri", { redirect_uri: "http://localhost:3001/other" }],
    ["another client", { client_id: M2M, client_secret: M2M_SECRET }],
  ])("is not exchanged with %s", async (_name, changes) => {
    const { request, code } = await codeFor();
    const { status, body } = await exchange(authkit, request, code, changes);
    expect(status).toBe(400);
    expect(body.access_token).toBeUndefined();
  });
});

describe("a refresh token", () => {
  it("is used once by requests that race", async () => {
    const { body } = await tokensFor(authkit);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(body.refresh_token)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it("may be narrowed, not widened", async () => {
    const { body } = await tokensFor(authkit, { scope: "openid email offline_access" });
    const wide = await refresh(body.refresh_token, { scope: "openid profile" });
    expect([wide.status, wide.body.error]).toEqual([400, "invalid_scope"]);
    const narrow = await refresh(body.refresh_token, { scope: "openid" });
    expect(decode(narrow.body.access_token).claims.scope).toBe("openid");
  });
});

describe("resource", () => {
  const MCP = "https://MCP.example.com:443/a%2fb/";
  const registered = { resources: [MCP, "https://api.example.com"] };

  it("becomes the audience byte for byte, and stays it", async () => {
    const server = await start(registered);
    const { body } = await tokensFor(server, { resource: MCP });
    expect(decode(body.access_token).claims.aud).toBe(MCP);
    for (const changes of [{}, { resource: MCP }]) {
      const fresh = await tokensFor(server, { resource: MCP });
      const { body: next } = await post(server, "/oauth2/token", {
        grant_type: "refresh_token",
        refresh_token: String(fresh.body.refresh_token),
        ...partner,
        ...changes,
      });
      expect(decode(next.access_token).claims.aud).toBe(MCP);
    }
  });

  it("is the environment when none is asked for", async () => {
    const server = await start({ ...registered, environmentClientId: "client_env" });
    const { body } = await tokensFor(server);
    expect(decode(body.access_token).claims.aud).toBe("client_env");
  });

  it("is ignored when none is registered", async () => {
    const browser = new Browser();
    const request = authorization(authkit, { resource: "not even a URI" });
    const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
    const { body } = await exchange(authkit, request, callback.searchParams.get("code"), {
      resource: "another",
    });
    expect(decode(body.access_token).claims.aud).toBe("client_local_environment");
    const { body: next } = await refresh(body.refresh_token, { resource: "a third" });
    expect(decode(next.access_token).claims.aud).toBe("client_local_environment");
  });
});

describe("an M2M application", () => {
  const ask = (changes: Record<string, string> = {}) =>
    post(authkit, "/oauth2/token", {
      grant_type: "client_credentials",
      client_id: M2M,
      client_secret: M2M_SECRET,
      ...changes,
    });

  it("gets a token of its own, without a user or a consent", async () => {
    const { body } = await ask({ scope: "jobs:run" });
    expect(Object.keys(body).sort()).toEqual(["access_token", "expires_in", "token_type"]);
    const { claims } = decode(body.access_token);
    expect(claims).toEqual({
      iss: authkit.issuer,
      aud: "client_local_environment",
      sub: M2M,
      client_id: M2M,
      scope: "jobs:run",
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    const told = await post(authkit, "/oauth2/introspection", {
      token: String(body.access_token),
      ...partner,
    });
    expect(told.body).toMatchObject({ active: true, sub: M2M });
    expect(told.body).not.toHaveProperty("sid");
    const info = await fetch(`${authkit.url}/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(info.status).toBe(401);
  });

  it("is refused a scope it does not have", async () => {
    const { status, body } = await ask({ scope: "jobs:run jobs:stop" });
    expect([status, body.error]).toEqual([400, "invalid_scope"]);
  });
});

describe("the token endpoint refuses", () => {
  const CHALLENGE = 'Basic realm="AuthKit"';
  it.each<[string, Record<string, string>, Record<string, string>, [number, string]]>([
    [
      "a bad secret",
      { grant_type: "refresh_token", client_id: PARTNER, client_secret: "x" },
      {},
      [401, "invalid_client"],
    ],
    [
      "a bad secret in the header",
      { grant_type: "refresh_token" },
      { authorization: `Basic ${btoa(`${PARTNER}:x`)}` },
      [401, "invalid_client"],
    ],
    [
      "a bad refresh token",
      { grant_type: "refresh_token", refresh_token: "x", ...partner },
      {},
      [400, "invalid_grant"],
    ],
    ["an unknown grant", { grant_type: "password", ...partner }, {}, [400, "unsupported_grant_type"]],
    [
      "a grant that the application does not have",
      { grant_type: "client_credentials", ...partner },
      {},
      [400, "unauthorized_client"],
    ],
    [
      "an M2M application that wants a user",
      { grant_type: "authorization_code", code: "x", client_id: M2M, client_secret: M2M_SECRET },
      {},
      [400, "unauthorized_client"],
    ],
  ])("%s", async (_name, fields, headers, [status, error]) => {
    const answer = await post(authkit, "/oauth2/token", fields, { accept: "text/html", ...headers });
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? CHALLENGE : null);
  });
});

describe("userinfo", () => {
  it.each(["GET", "POST"])("tells what the scopes allow, by %s", async (method) => {
    const { body } = await tokensFor(authkit, { scope: "openid email" });
    const answer = await fetch(`${authkit.url}/oauth2/userinfo`, {
      method,
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    const { sub } = decode(body.access_token).claims;
    expect(await answer.json()).toEqual({ sub, email: ADA.email, email_verified: true });
  });

  it("accepts no ID token, no foreign token and no ended one", async () => {
    const other = await start();
    const foreign = (await tokensFor(other)).body.access_token;
    const { body } = await tokensFor(authkit);
    const ended = (await tokensFor(authkit)).body;
    await refresh(ended.refresh_token);
    await refresh(ended.refresh_token);
    for (const token of [body.id_token, foreign, ended.access_token, "x"]) {
      const answer = await fetch(`${authkit.url}/oauth2/userinfo`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([answer.status, (await answer.json()).error]).toEqual([401, "invalid_token"]);
    }
  });
});

describe("introspection", () => {
  it("tells of access and refresh tokens, to any application with a secret", async () => {
    const { body } = await tokensFor(authkit);
    const { claims } = decode(body.access_token);
    const { iss, sub, aud, client_id, iat, exp, jti, sid } = claims;
    const basic = { authorization: `Basic ${btoa(`${M2M}:${encodeURIComponent(M2M_SECRET)}`)}` };
    const access = await post(authkit, "/oauth2/introspection", { token: String(body.access_token) }, basic);
    expect(access.body).toEqual({
      active: true,
      token_type: "access_token",
      iss,
      sub,
      aud,
      client_id,
      iat,
      exp,
      jti,
      sid,
    });
    const token = String(body.refresh_token);
    const renewing = await post(authkit, "/oauth2/introspection", {
      token,
      token_type_hint: "refresh_token",
      ...partner,
    });
    expect(renewing.body).toEqual({
      active: true,
      token_type: "refresh_token",
      iss,
      sub,
      client_id,
      iat: expect.any(Number),
      sid,
    });
    await refresh(token);
    expect((await post(authkit, "/oauth2/introspection", { token, ...partner })).body).toEqual({
      active: false,
    });
  });

  it.each<[string, Record<string, string>, string | undefined]>([
    ["nobody", {}, "Missing authorization header."],
    ["an unknown client", { client_id: "x", client_secret: "x" }, "Application not found."],
    ["a public client", { client_id: PUBLIC }, undefined],
    ["a public client with some secret", { client_id: PUBLIC, client_secret: "" }, undefined],
    ["a wrong secret", { client_id: PARTNER, client_secret: "x" }, undefined],
  ])("tells nothing to %s", async (_name, fields, description) => {
    const { body } = await tokensFor(authkit);
    const answer = await post(authkit, "/oauth2/introspection", {
      token: String(body.access_token),
      ...fields,
    });
    expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
    if (description) expect(answer.body.error_description).toBe(description);
    expect(answer.headers.get("www-authenticate")).toBe('Basic realm="AuthKit"');
  });

  it("takes ID tokens, foreign tokens and nonsense for inactive", async () => {
    const { body } = await tokensFor(authkit);
    for (const token of [String(body.id_token), "x", "a.b.c"]) {
      expect((await post(authkit, "/oauth2/introspection", { token, ...partner })).body).toEqual({
        active: false,
      });
    }
  });
});

describe("the device flow", () => {
  const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  const startDevice = (changes = {}) =>
    post(authkit, "/oauth2/device_authorization", {
      client_id: DEVICE,
      scope: "openid offline_access",
      ...changes,
    });
  const poll = (device_code: unknown) =>
    post(authkit, "/oauth2/token", {
      grant_type: GRANT,
      device_code: String(device_code),
      client_id: DEVICE,
    });

  async function enterCode(url: unknown) {
    const browser = new Browser();
    const page = await browser.request(String(url));
    const userCode = /name="user_code" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
    const confirm = await browser.submit(authkit, page, { user_code: userCode });
    return { browser, confirm, userCode };
  }

  it("is told to slow down when it asks too soon, and then has to wait longer", async () => {
    const { body } = await startDevice();
    const ask = async (after: "0s" | "5s" | "9s" | "10s" | "20s") => {
      authkit.clock.advance(after);
      const answer = await poll(body.device_code);
      return [answer.status, answer.body.error];
    };
    expect(await ask("0s")).toEqual([400, "authorization_pending"]);
    expect(await ask("5s")).toEqual([400, "authorization_pending"]);
    expect(await ask("0s")).toEqual([400, "slow_down"]);
    expect(await ask("9s")).toEqual([400, "slow_down"]);
    expect(await ask("10s")).toEqual([400, "slow_down"]);
    expect(await ask("20s")).toEqual([400, "authorization_pending"]);
  });

  it("goes through the Login URI and consent to tokens", async () => {
    const { body } = await startDevice({ resource: "https://ignored.example.com" });
    expect(body).toEqual({
      device_code: expect.any(String),
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: `${authkit.issuer}/device`,
      verification_uri_complete: `${authkit.issuer}/device?user_code=${body.user_code}`,
      expires_in: 300,
      interval: 5,
    });
    expect((await poll(body.device_code)).body.error).toBe("authorization_pending");

    const { browser, confirm, userCode } = await enterCode(body.verification_uri_complete);
    expect(userCode).toBe(body.user_code);
    expect(confirm.text).toContain("Does your device show this code?");
    const sent = await browser.submit(authkit, confirm, { confirm: "yes" });
    const external_auth_id = new URL(sent.location).searchParams.get("external_auth_id");
    const { redirectUri } = await complete(authkit, { external_auth_id, user: ADA });
    const page = await browser.follow(authkit, redirectUri);
    expect(page.text).toContain("Allow Device to use your account?");
    const answer = await browser.submit(authkit, page, { decision: "allow" });
    expect((await browser.follow(authkit, answer.location)).text).toContain("Device connected");

    const tokens = await poll(body.device_code);
    expect(tokens.body.token_type).toBe("Bearer");
    expect(tokens.body.refresh_token).toBeDefined();
    expect(decode(tokens.body.access_token).claims).toMatchObject({
      sub: authkit.users.findByExternalId(ADA.id)?.id,
      aud: "client_local_environment",
    });
    expect((await poll(body.device_code)).body.error).toBe("invalid_grant");
  });

  it("ends where the user denies", async () => {
    const { body } = await startDevice();
    const { browser, confirm } = await enterCode(body.verification_uri_complete);
    expect((await browser.submit(authkit, confirm, { abort: "yes" })).text).toContain("Device not connected");
    expect((await poll(body.device_code)).body.error).toBe("access_denied");
  });

  it("does not know any code", async () => {
    const { confirm } = await enterCode(`${authkit.url}/device?user_code=AAAA-%22%3E%3Cb%3E`);
    expect(confirm.text).toContain("This code is not known");
    expect(confirm.text).toContain('value="AAAA-');
    expect(confirm.text).not.toContain("<b>");
  });
});

it("begins nothing with an unfinished login of a first visit", async () => {
  const browser = new Browser();
  await begin(browser, authorization(authkit));
  expect((await browser.jar.getCookies(authkit.url)).map(({ key }) => key)).toEqual([]);
});
