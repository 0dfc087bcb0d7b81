import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it } from "vitest";

import { Applications } from "../src/applications.js";
import { register as registerAt } from "../src/registration.js";
import type { LocalAuthKit } from "../src/server.js";
import { State } from "../src/state.js";
import {
  allow,
  authorization,
  Browser,
  decode,
  exchange,
  open,
  post,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const CALLBACK = "http://127.0.0.1:33418/callback";
const ORIGIN = { origin: "https://inspector.example.com" };

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open({ dynamicClientRegistration: true });
  return () => authkit.close();
});

async function send(target: LocalAuthKit, body: string) {
  const response = await fetch(`${target.url}/oauth2/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...ORIGIN },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const register = (metadata: object, target = authkit) => send(target, JSON.stringify(metadata));

const metadataOf = async (target: LocalAuthKit, document: string) =>
  (await fetch(`${target.url}/.well-known/${document}`)).json();

const PUBLIC_CLIENT = {
  client_name: "Desk Client",
  redirect_uris: [CALLBACK],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
};

describe("dynamic client registration", () => {
  it("is off, and nowhere published, unless it is asked for", async () => {
    const off = await start();
    const { status, body } = await register(PUBLIC_CLIENT, off);
    expect([status, body]).toEqual([
      403,
      {
        error: "dynamic_client_registration_disabled",
        error_description: "Dynamic client registration is disabled for this environment.",
      },
    ]);
    expect(await metadataOf(off, "oauth-authorization-server")).not.toHaveProperty("registration_endpoint");
  });

  it("is published in the OAuth document only", async () => {
    const { registration_endpoint } = await metadataOf(authkit, "oauth-authorization-server");
    expect(registration_endpoint).toBe(`${authkit.issuer}/oauth2/register`);
    expect(await metadataOf(authkit, "openid-configuration")).not.toHaveProperty("registration_endpoint");
  });

  it("tells a public client what it is now", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { status, headers, body } = await register(PUBLIC_CLIENT);
    expect(status).toBe(201);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      ...PUBLIC_CLIENT,
      client_id: expect.stringMatching(/^client_[0-9A-HJKMNP-TV-Z]{26}$/),
      client_id_issued_at: expect.any(Number),
      scope: "email offline_access openid profile",
    });
    expect(body.client_id_issued_at).toBeGreaterThanOrEqual(before);
  });

  it("makes a confidential client of one that says nothing else", async () => {
    const { body } = await register({ redirect_uris: [CALLBACK] });
    expect(body).toMatchObject({
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code"],
      response_types: ["code"],
    });
    expect(body).not.toHaveProperty("client_name");
  });

  it("takes what clients send besides, and grants none of it", async () => {
    const { status, body } = await register({
      ...PUBLIC_CLIENT,
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      scope: "openid notes:read",
      application_type: "native",
      client_uri: "https://client.example.com",
      contacts: ["nobody"],
      jwks_uri: "not a URL",
      first_party: true,
      client_id: "client_of_choice",
      client_secret: "of choice",
    });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual([
      "client_id",
      "client_id_issued_at",
      "client_name",
      "grant_types",
      "redirect_uris",
      "response_types",
      "scope",
      "token_endpoint_auth_method",
    ]);
    expect(body).toMatchObject({
      grant_types: ["authorization_code", "refresh_token"],
      scope: "email offline_access openid profile",
    });
    expect(body.client_id).not.toBe("client_of_choice");
  });

  it.each([
    "https://client.example.com/callback",
    "https://localhost:8443/callback",
    "http://localhost/callback",
    "http://127.0.0.1:1234/",
    "http://[::1]/callback",
    "cursor://anysphere.cursor-retrieval/oauth/callback",
    "com.example.app:/callback",
  ])("takes the redirect URI %s", async (uri) => {
    expect((await register({ redirect_uris: [uri] })).status).toBe(201);
  });

  it.each<[string, unknown]>([
    ["none", undefined],
    ["an empty list", []],
    ["no list", CALLBACK],
    ["a path", ["/callback"]],
    ["a number", [1]],
    ["http on another machine", ["http://client.example.com/callback"]],
    ["http on a machine that is named alike", ["http://localhost.example.com/callback"]],
    ["http behind a user", ["http://localhost:80@example.com/callback"]],
    ["a fragment", [`${CALLBACK}#x`]],
    ["a script", ["javascript:alert(1)"]],
    ["a script, in other letters", ["JavaScript:alert(1)"]],
    ["data", ["data:text/html,x"]],
    ["a file", ["file:///etc/passwd"]],
    ["one bad among good ones", [CALLBACK, "vbscript:x"]],
  ])("refuses redirect_uris that are %s", async (_name, redirect_uris) => {
    const { status, body } = await register({ ...PUBLIC_CLIENT, redirect_uris });
    expect([status, body.error]).toEqual([400, "invalid_redirect_uri"]);
    expect(body.error_description).toMatch(/^redirect_uris/);
    expect(body.error_description).not.toContain("script:");
  });

  it.each<[string, object]>([
    ["token_endpoint_auth_method", { token_endpoint_auth_method: "private_key_jwt" }],
    ["grant_types", { grant_types: ["refresh_token"] }],
    ["grant_types", { grant_types: ["authorization_code", "client_credentials"] }],
    ["grant_types", { grant_types: "authorization_code" }],
    ["response_types", { response_types: ["token"] }],
    ["response_types", { response_types: [] }],
    ["client_name", { client_name: " " }],
    ["client_name", { client_name: { en: "x" } }],
  ])("names the member it cannot take: %s in %j", async (member, changes) => {
    const { status, body } = await register({ ...PUBLIC_CLIENT, ...changes });
    expect([status, body.error]).toEqual([400, "invalid_client_metadata"]);
    expect(String(body.error_description).startsWith(member)).toBe(true);
  });

  it.each(["", "{", "[]", "null", '"text"'])("refuses a body that is no JSON object: %j", async (text) => {
    const { status, body } = await send(authkit, text);
    expect([status, body.error]).toEqual([400, "invalid_client_metadata"]);
  });

  it("reads no more than a registration can be", async () => {
    const { status } = await register({ ...PUBLIC_CLIENT, client_name: "x".repeat(70_000) });
    expect(status).toBe(413);
  });

  it("is open to clients in browsers", async () => {
    const url = `${authkit.url}/oauth2/register`;
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: {
        ...ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type");
    for (const metadata of [PUBLIC_CLIENT, {}]) {
      expect((await register(metadata)).headers.get("access-control-allow-origin")).toBe("*");
    }
  });

  it("keeps a thousand, and of those the ones in use", async () => {
    const applications = new Applications(await State.open(Date.now), Date.now);
    const next = () =>
      String(registerAt(applications, Date.now, JSON.stringify(PUBLIC_CLIENT)).body.client_id);
    const [unused, used] = [next(), next()];
    for (let count = 2; count < 1000; count += 1) next();
    expect(await applications.find(used)).toBeDefined();
    next();
    next();
    expect(await applications.find(used)).toBeDefined();
    expect(await applications.find(unused)).toBeUndefined();
  });
});

describe("an application that registered itself", () => {
  const requestOf = (client: Record<string, unknown>, changes: Record<string, string | undefined> = {}) =>
    authorization(authkit, { client_id: String(client.client_id), redirect_uri: CALLBACK, ...changes });

  it("is a third party: it asks for consent the first time, under the name it gave", async () => {
    const client_name = `<script>alert(1)</script>"'`;
    const { body: client } = await register({ ...PUBLIC_CLIENT, client_name });
    const browser = new Browser();
    const request = requestOf(client);
    const page = await signIn(authkit, browser, request);
    expect(parse(page.text).querySelector("h1")?.text).toBe(`Allow ${client_name} to use your account?`);
    expect(parse(page.text).querySelectorAll("script")).toHaveLength(0);
    await allow(authkit, browser, page);

    const again = await browser.follow(authkit, requestOf(client).url);
    expect(again.location.startsWith(`${CALLBACK}?code=`)).toBe(true);
  });

  it("without a name is shown by its id", async () => {
    const { body: client } = await register({ ...PUBLIC_CLIENT, client_name: undefined });
    const page = await signIn(authkit, new Browser(), requestOf(client));
    expect(parse(page.text).querySelector("h1")?.text).toContain(String(client.client_id));
  });

  it("may be asked what to choose, as third parties are", async () => {
    const { body: client } = await register(PUBLIC_CLIENT);
    const browser = new Browser();
    const request = requestOf(client);
    const option = { claim: "plan", type: "enum", label: "Plan", choices: [{ value: "p", label: "Pro" }] };
    const page = await signIn(authkit, browser, request, { options: [option] });
    const callback = await allow(authkit, browser, page, { "option:0": "p" });
    const { body } = await exchange(authkit, request, callback.searchParams.get("code"));
    expect(decode(body.access_token).claims.plan).toBe("p");
  });

  it("gets tokens at any loopback port, and new ones for its refresh token", async () => {
    const { body: client } = await register(PUBLIC_CLIENT);
    const browser = new Browser();
    const request = requestOf(client, { redirect_uri: "http://127.0.0.1:4711/callback" });
    const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
    const { status, body } = await exchange(authkit, request, callback.searchParams.get("code"));
    expect(status).toBe(200);
    expect(decode(body.access_token).claims).toMatchObject({
      client_id: client.client_id,
      scope: "openid profile email offline_access",
    });
    const renewed = await post(authkit, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: String(body.refresh_token),
      client_id: request.clientId,
    });
    expect(renewed.status).toBe(200);
  });

  it("must use PKCE when it is public", async () => {
    const { body: client } = await register(PUBLIC_CLIENT);
    const request = requestOf(client, { code_challenge: undefined, code_challenge_method: undefined });
    const { location } = await new Browser().request(request.url);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_request");
  });

  it("has the standard scopes and no other", async () => {
    const { body: client } = await register({ ...PUBLIC_CLIENT, scope: "openid notes:read" });
    const { location } = await new Browser().request(requestOf(client, { scope: "openid notes:read" }).url);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_scope");
  });

  it("is not sent to an address that it did not register", async () => {
    const { body: client } = await register(PUBLIC_CLIENT);
    const request = requestOf(client, { redirect_uri: "https://client.example.com/callback" });
    const { status, location } = await new Browser().request(request.url);
    expect([status, location]).toEqual([400, ""]);
  });

  it.each(["client_secret_basic", "client_secret_post"])("proves who it is: %s", async (method) => {
    const { body: client } = await register({ ...PUBLIC_CLIENT, token_endpoint_auth_method: method });
    const browser = new Browser();
    const request = requestOf(client);
    const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
    const code = callback.searchParams.get("code");

    const refused = await exchange(authkit, request, code);
    expect([refused.status, refused.body.error]).toEqual([401, "invalid_client"]);

    const client_secret = String(client.client_secret);
    const { status, body } = await exchange(authkit, request, code, { client_secret });
    expect(status).toBe(200);
    const told = await post(
      authkit,
      "/oauth2/introspection",
      { token: String(body.access_token) },
      { authorization: `Basic ${btoa(`${client.client_id}:${client_secret}`)}` },
    );
    expect(told.body).toMatchObject({ active: true, client_id: client.client_id });
  });

  it("may not use the device grant", async () => {
    const { body: client } = await register({
      ...PUBLIC_CLIENT,
      grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
    });
    const { status } = await post(authkit, "/oauth2/device_authorization", {
      client_id: String(client.client_id),
    });
    expect(status).toBe(400);
  });
});

describe("the default resource", () => {
  const MCP = "https://mcp.example.com/";
  const OTHER = "https://api.example.com";
  const options = { resources: [OTHER, MCP], defaultResource: MCP, dynamicClientRegistration: true };

  async function audienceOf(target: LocalAuthKit, changes: Record<string, string> = {}) {
    const { body: client } = await register(PUBLIC_CLIENT, target);
    const { body } = await tokensFor(target, {
      client_id: String(client.client_id),
      redirect_uri: CALLBACK,
      ...changes,
    });
    const { body: renewed } = await post(target, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: String(body.refresh_token),
      client_id: String(client.client_id),
    });
    return [body, renewed].map(({ access_token }) => decode(access_token).claims.aud);
  }

  it("is the audience where an application that registered itself asks for none", async () => {
    expect(await audienceOf(await start(options))).toEqual([MCP, MCP]);
  });

  it("gives way to the one that is asked for", async () => {
    expect(await audienceOf(await start(options), { resource: OTHER })).toEqual([OTHER, OTHER]);
  });

  it("is none unless it is set", async () => {
    const { defaultResource: _, ...rest } = options;
    const target = await start(rest);
    expect(await audienceOf(target)).toEqual([target.environmentClientId, target.environmentClientId]);
  });

  it("is not for configured applications", async () => {
    const target = await start(options);
    const { body } = await tokensFor(target);
    expect(decode(body.access_token).claims.aud).toBe(target.environmentClientId);
  });

  it("is for those with a metadata document, too", async () => {
    const client_id = "https://client.example.com/client.json";
    const document = { client_id, redirect_uris: [CALLBACK] };
    const target = await start(
      { ...options, clientIdMetadataDocuments: true },
      { fetchDocument: async () => ({ text: JSON.stringify(document), ttl: 60 }) },
    );
    const { body } = await tokensFor(target, { client_id, redirect_uri: CALLBACK });
    expect(decode(body.access_token).claims.aud).toBe(MCP);
  });

  it("does not help one that asks for a resource nobody registered", async () => {
    const target = await start(options);
    const { body: client } = await register(PUBLIC_CLIENT, target);
    const { status, body } = await tokensFor(target, {
      client_id: String(client.client_id),
      redirect_uri: CALLBACK,
      resource: "https://unknown.example.com",
    });
    expect([status, body.error]).toEqual([400, "invalid_target"]);
  });
});
