import type { AddressInfo } from "node:net";
import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { decodeJwt } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type ClientProfile,
  type ClientStep,
  ConnectAsError,
  clientProfiles,
  connectAs,
  metadataDocuments,
} from "../src/clients/index.js";
import { visit } from "../src/drive/drive.js";

const profiles = Object.values(clientProfiles);

interface ServerOptions {
  readonly authkit?: LocalAuthKitOptions;
  /** The scopes that the resource publishes. */
  readonly scopes?: readonly string[];
  /** The resource as it is registered and published; default `<origin>/mcp`. */
  readonly resource?: (origin: string) => string;
}

/** A product with an MCP server behind Connect, and an AuthKit that lets in whom nobody registered. */
async function startServer({ scopes, resource: named, authkit: options }: ServerOptions = {}) {
  const app = new Hono();
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const address = named?.(origin) ?? `${origin}/mcp`;
  const authkit = await startLocalAuthKit({
    port: 0,
    loginUri: `${origin}/auth/login`,
    resources: [address],
    dynamicClientRegistration: true,
    clientIdMetadataDocuments: true,
    metadataDocuments,
    ...options,
  });
  onTestFinished(async () => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await authkit.close();
  });

  const { apiKey, issuer } = authkit;
  const login = createLogin({ apiKey, authkitUrl: issuer, apiUrl: issuer });
  const resource = createProtectedResource({ resource: address, authkitUrl: issuer, scopes });
  const { metadataUrl: resourceMetadataUrl } = resource;
  const verifier = createVerifier({ issuer, audience: address, resourceMetadataUrl });
  app.get(
    "/auth/login",
    loginRoute(login, {
      signInUrl: "/sign-in",
      authenticate: (c) =>
        c.req.header("cookie") === "session=ada" ? { user: { id: "ada", email: "ada@example.com" } } : null,
    }),
  );
  app.route("/", resourceRoutes(resource));
  app.all("*", cors({ origin: "*" }), requireToken(verifier), (c) =>
    c.json({ jsonrpc: "2.0", id: 1, result: {} }),
  );

  const answer = (url: URL) => visit(url, { authkit, user: { cookie: "session=ada" } });
  return {
    authkit,
    address,
    answer,
    connectAs: (profile: ClientProfile) => connectAs(profile, { resource: address, answer }),
  };
}

/** What each asks for where no scope is published. */
const scopesUnasked = new Map<ClientProfile, string | undefined>([
  [clientProfiles.claude, "offline_access"],
  [clientProfiles.claudeCode, "offline_access"],
  [clientProfiles.chatgpt, "openid email profile"],
  [clientProfiles.cursor, undefined],
  [clientProfiles.vscode, undefined],
  [clientProfiles.mcpInspector, "email offline_access openid profile"],
]);

describe.each(profiles)("$name", (profile) => {
  it("connects, calls and refreshes where the resource publishes its scopes", async () => {
    const server = await startServer({ scopes: ["openid", "offline_access"] });
    const connected = await server.connectAs(profile);
    expect(connected.registration).toBe(profile.registrations[0].kind);
    expect(connected.isRefreshed).toBe(true);
    expect(decodeJwt(connected.accessToken)).toMatchObject({
      aud: server.address,
      iss: server.authkit.issuer,
    });
    expect(connected.steps.map(({ name }) => name)).toEqual([
      "MCP request without a token",
      "protected resource metadata",
      "authorization server metadata",
      ...(connected.registration === "dcr" ? ["registration"] : []),
      "authorization",
      "token request",
      "MCP request",
      "refresh",
      "MCP request after the refresh",
    ]);
  });

  it("connects where the resource publishes none", async () => {
    const server = await startServer();
    const { accessToken, isRefreshed, scope } = await server.connectAs(profile);
    expect(decodeJwt(accessToken).aud).toBe(server.address);
    expect(scope).toBe(scopesUnasked.get(profile));
    expect(isRefreshed).toBe(scope?.includes("offline_access") ?? false);
  });
});

const registering = profiles.filter(({ registrations }) => registrations.some(({ kind }) => kind === "dcr"));

it.each(registering)("$name registers itself where documents are not taken", async (profile) => {
  const server = await startServer({
    scopes: ["openid", "offline_access"],
    authkit: { clientIdMetadataDocuments: false },
  });
  const connected = await server.connectAs(profile);
  expect(connected).toMatchObject({ registration: "dcr", isRefreshed: true });
  expect(decodeJwt(connected.accessToken).client_id).toMatch(/^client_/);
});

describe("what the clients send", () => {
  const { claude, claudeCode, chatgpt, cursor, vscode, mcpInspector } = clientProfiles;

  /** The authorization request, and the answers that the client got. */
  async function watch(
    profile: ClientProfile,
    options: ServerOptions = { scopes: ["openid", "offline_access"] },
  ) {
    const server = await startServer(options);
    const requests: Request[] = [];
    const asked: URL[] = [];
    const watched: typeof fetch = (input, init) => {
      const request = new Request(input, init);
      requests.push(request.clone());
      return fetch(request);
    };
    await connectAs(profile, {
      resource: server.address,
      fetch: watched,
      answer: (url) => {
        asked.push(url);
        return server.answer(url);
      },
    });
    const query = Object.fromEntries(asked.flatMap((url) => [...url.searchParams]));
    return { server, requests, query };
  }

  it("PKCE, state and the resource, at each request to the authorization server", async () => {
    const { server, requests, query } = await watch(claude);
    expect(query).toMatchObject({ code_challenge_method: "S256", resource: server.address });
    expect(query.state).toMatch(/^[\w-]{43}$/);
    const forms = await Promise.all(
      requests
        .filter(({ url }) => url.endsWith("/oauth2/token"))
        .map(async (one) => new URLSearchParams(await one.text())),
    );
    expect(
      forms.map((form) => [form.get("grant_type"), form.get("resource"), form.has("code_verifier")]),
    ).toEqual([
      ["authorization_code", server.address, true],
      ["refresh_token", server.address, false],
    ]);
  });

  it("a secret, where Claude registers itself", async () => {
    const { requests } = await watch(claude, {
      scopes: ["openid", "offline_access"],
      authkit: { clientIdMetadataDocuments: false },
    });
    const token = requests.find(({ url }) => url.endsWith("/oauth2/token"));
    expect(new URLSearchParams(await token?.text()).get("client_secret")).toEqual(expect.any(String));
  });

  it.each([
    [claudeCode, "consent"],
    [mcpInspector, "consent"],
    [vscode, undefined],
    [chatgpt, undefined],
  ])("prompt=consent with offline_access: $name", async (profile, prompt) => {
    expect((await watch(profile)).query.prompt).toBe(prompt);
  });

  it("the port that the client listens on, though its document names none", async () => {
    const { query } = await watch(claudeCode);
    expect(query.redirect_uri).toBe("http://localhost:3118/callback");
    expect(claudeCode.registrations[0]).toMatchObject({
      document: { redirect_uris: ["http://localhost/callback", "http://127.0.0.1/callback"] },
    });
  });

  it("no scope that the authorization server does not list", async () => {
    const { query } = await watch(chatgpt, { scopes: ["openid"] });
    expect(query.scope).toBe("openid email profile");
  });

  it("a redirect URI of a scheme of its own, as older versions of Cursor do", async () => {
    const old = { ...cursor, redirectUri: "cursor://anysphere.cursor-mcp/oauth/callback" };
    expect((await watch(old)).query.redirect_uri).toBe(old.redirectUri);
  });

  it("the message and the headers of an MCP client", async () => {
    const { requests } = await watch(vscode);
    expect(requests[0]?.headers.get("accept")).toBe("text/event-stream, application/json");
    expect(requests[0]?.headers.has("authorization")).toBe(false);
    expect(await requests[0]?.json()).toMatchObject({
      method: "initialize",
      params: { protocolVersion: "2025-11-25" },
    });
    expect(requests[1]?.headers.get("mcp-protocol-version")).toBe("2025-11-25");
  });
});

describe("a client that cannot connect", () => {
  const { claude, cursor, mcpInspector, vscode } = clientProfiles;

  /** A world where nothing but these answers exist, by method and path. */
  function scripted(answers: Record<string, () => Response>): typeof fetch {
    return async (input, init) => {
      const key = `${init?.method ?? "GET"} ${new URL(String(input)).pathname}`;
      return answers[key]?.() ?? new Response(null, { status: 404 });
    };
  }

  const RESOURCE = "https://api.example.com/mcp";
  const ISSUER = "https://example.authkit.app";
  const challenge = (header: string) => () =>
    new Response(null, { status: 401, headers: { "www-authenticate": header } });
  const published =
    (changes: object = {}) =>
    () =>
      Response.json({ resource: RESOURCE, authorization_servers: [ISSUER], ...changes });
  const metadata =
    (changes: object = {}) =>
    () =>
      Response.json({
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/oauth2/authorize`,
        token_endpoint: `${ISSUER}/oauth2/token`,
        registration_endpoint: `${ISSUER}/oauth2/register`,
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["none"],
        ...changes,
      });
  const registered =
    (changes: object = {}) =>
    () =>
      Response.json({ client_id: "client_1", ...changes }, { status: 201 });
  const PRM = "GET /.well-known/oauth-protected-resource";
  const SERVER = "GET /.well-known/oauth-authorization-server";
  const found = { "POST /mcp": challenge("Bearer"), [`${PRM}/mcp`]: published(), [SERVER]: metadata() };

  async function failureOf(
    profile: ClientProfile,
    answers: Record<string, () => Response>,
    answer: (url: URL) => Promise<string> = async () => "",
  ): Promise<ConnectAsError> {
    const failed: unknown = await connectAs(profile, {
      resource: RESOURCE,
      answer,
      fetch: scripted(answers),
    }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ConnectAsError);
    return failed as ConnectAsError;
  }

  /** The browser comes back with this, and the client's own state. */
  const back = (query: string) => async (url: URL) =>
    `${url.searchParams.get("redirect_uri")}?${query}&state=${url.searchParams.get("state")}`;

  it.each<[string, string, Record<string, () => Response>]>([
    [
      "a server that is open",
      "Cursor, MCP request without a token: POST https://api.example.com/mcp answered 200, not 401 with a Bearer challenge.",
      { "POST /mcp": () => Response.json({}) },
    ],
    [
      "a refusal that is no challenge",
      "Cursor, MCP request without a token: POST https://api.example.com/mcp answered 401, not 401 with a Bearer challenge.",
      { "POST /mcp": challenge("Basic") },
    ],
    [
      "a body that is refused first",
      "Cursor, MCP request without a token: POST https://api.example.com/mcp answered 415, not 401 with a Bearer challenge.",
      { "POST /mcp": () => new Response(null, { status: 415 }) },
    ],
    [
      "no metadata of the resource",
      "Cursor, protected resource metadata: none was found; GET https://api.example.com/.well-known/oauth-protected-resource answered 404.",
      { "POST /mcp": challenge("Bearer") },
    ],
    [
      "another resource",
      "Cursor, protected resource metadata: its resource is not the address that was entered.",
      { ...found, [`${PRM}/mcp`]: published({ resource: "https://api.example.com/mcp/" }) },
    ],
    [
      "no authorization server",
      "Cursor, protected resource metadata: GET https://api.example.com/.well-known/oauth-protected-resource/mcp answered 200, without resource and a URL among authorization_servers.",
      { ...found, [`${PRM}/mcp`]: published({ authorization_servers: [] }) },
    ],
    [
      "an address of metadata that is none",
      "Cursor, protected resource metadata: the challenge's resource_metadata is no URL.",
      { ...found, "POST /mcp": challenge('Bearer resource_metadata="/metadata"') },
    ],
    [
      "no metadata of the authorization server",
      "Cursor, authorization server metadata: none was found; GET https://example.authkit.app/.well-known/openid-configuration answered 404.",
      { ...found, [SERVER]: () => new Response(null, { status: 404 }) },
    ],
    [
      "another issuer",
      "Cursor, authorization server metadata: its issuer is not the one that the resource names.",
      { ...found, [SERVER]: metadata({ issuer: `${ISSUER}/` }) },
    ],
    [
      "no PKCE",
      "Cursor, authorization server metadata: S256 is not among code_challenge_methods_supported.",
      { ...found, [SERVER]: metadata({ code_challenge_methods_supported: undefined }) },
    ],
    [
      "an endpoint that is no URL",
      "Cursor, authorization server metadata: its token_endpoint is no URL.",
      { ...found, [SERVER]: metadata({ token_endpoint: "/oauth2/token" }) },
    ],
    [
      "no registration",
      "Cursor, registration: the authorization server offers no dynamic client registration.",
      { ...found, [SERVER]: metadata({ registration_endpoint: undefined }) },
    ],
    [
      "a registration that is refused",
      "Cursor, registration: POST https://example.authkit.app/oauth2/register answered 403 and the error dynamic_client_registration_disabled, without a client_id.",
      {
        ...found,
        "POST /oauth2/register": () =>
          Response.json({ error: "dynamic_client_registration_disabled" }, { status: 403 }),
      },
    ],
    [
      "another method than it asked for",
      "Cursor, registration: it gave another token_endpoint_auth_method than was asked for.",
      {
        ...found,
        "POST /oauth2/register": registered({ token_endpoint_auth_method: "client_secret_basic" }),
      },
    ],
  ])("says where: %s", async (_what, message, answers) => {
    expect((await failureOf(cursor, answers)).message).toBe(message);
  });

  it.each<[string, string, (url: URL) => Promise<string>]>([
    [
      "somewhere else",
      "the browser did not come back to the client's redirect URI.",
      async () => "https://evil.example/?code=secret",
    ],
    [
      "with another state",
      "the browser came back with another state.",
      async (url) => `${url.searchParams.get("redirect_uri")}?code=secret&state=1`,
    ],
    ["with an error", "the browser came back with the error access_denied.", back("error=access_denied")],
    [
      "with an error that is a text",
      "the browser came back with the error of another form.",
      back("error=a+secret"),
    ],
    ["without a code", "the browser came back without a code.", back("x=1")],
  ])("says so where the browser comes back %s", async (_how, sentence, answer) => {
    const answers = { ...found, "POST /oauth2/register": registered() };
    const { message } = await failureOf(cursor, answers, answer);
    expect(message).toBe(`Cursor, authorization: ${sentence}`);
  });

  it("tells no token, code, id or secret", async () => {
    const answers = {
      ...found,
      "POST /oauth2/register": registered({ client_secret: "the-secret" }),
      "POST /oauth2/token": () => Response.json({ access_token: "the-token", refresh_token: "the-other" }),
    };
    const { message, steps } = await failureOf(cursor, answers, back("code=the-code"));
    expect(message).toBe(
      "Cursor, MCP request: POST https://api.example.com/mcp answered 401 to a request with its new token.",
    );
    expect(steps.map(({ name, status }) => [name, status])).toEqual([
      ["MCP request without a token", 401],
      ["protected resource metadata", 200],
      ["authorization server metadata", 200],
      ["registration", 201],
      ["authorization", undefined],
      ["token request", 200],
      ["MCP request", 401],
    ] satisfies [ClientStep["name"], number | undefined][]);
    for (const secret of ["the-secret", "the-token", "the-other", "the-code", "client_1"]) {
      expect(JSON.stringify([message, steps])).not.toContain(secret);
    }
  });

  it("shows an error's code, and no text that stands in its place", async () => {
    const refusing = (error: string) => ({
      ...found,
      "POST /oauth2/register": registered(),
      "POST /oauth2/token": () => Response.json({ error }, { status: 400 }),
    });
    const start =
      "Cursor, token request: POST https://example.authkit.app/oauth2/token answered 400 and the error";
    const coded = await failureOf(cursor, refusing("invalid_grant"), back("code=1"));
    expect(coded.message).toBe(`${start} invalid_grant, without an access token.`);
    const told = await failureOf(cursor, refusing("no such code: 1"), back("code=1"));
    expect(told.message).toBe(`${start} of another form, without an access token.`);
  });

  it("says so where nobody answers", async () => {
    const failed = connectAs(cursor, {
      resource: RESOURCE,
      answer: async () => "",
      fetch: async () => {
        throw new TypeError("the-secret");
      },
    });
    await expect(failed).rejects.toThrow(
      /^Cursor, MCP request without a token: POST https:\/\/api\.example\.com\/mcp got no answer\.$/,
    );
  });

  it("asks no further than where the challenge points, and in its own order without", async () => {
    const pointed = challenge(`Bearer resource_metadata="https://api.example.com/metadata"`);
    const { steps } = await failureOf(vscode, { ...found, "POST /mcp": pointed });
    expect(steps.map(({ path }) => path)).toEqual(["/mcp", "/metadata"]);
    const { steps: guessed } = await failureOf(vscode, { "POST /mcp": challenge("Bearer") });
    expect(guessed.map(({ path }) => path)).toEqual([
      "/mcp",
      "/.well-known/oauth-protected-resource/mcp",
      "/.well-known/oauth-protected-resource",
    ]);
  });

  it("holds to its own rule of what the resource is", async () => {
    const above = { ...found, [`${PRM}/mcp`]: published({ resource: "https://api.example.com" }) };
    expect((await failureOf(vscode, above)).message).toContain("not the address that was entered");
    expect((await failureOf(mcpInspector, above)).message).toContain("MCP Inspector, registration");
    const elsewhere = { ...found, [`${PRM}/mcp`]: published({ resource: "https://api.example.org" }) };
    expect((await failureOf(mcpInspector, elsewhere)).message).toContain("not the address that was entered");
    const sameUrl = { ...found, [`${PRM}/mcp`]: published({ resource: "HTTPS://api.example.com:443/mcp" }) };
    expect((await failureOf(vscode, sameUrl)).message).toContain("Visual Studio Code, registration");
    expect((await failureOf(claude, sameUrl)).message).toContain("not the address that was entered");
  });

  it("registers where documents are taken but not without a key, as Claude does", async () => {
    const keysOnly = metadata({
      client_id_metadata_document_supported: true,
      token_endpoint_auth_methods_supported: ["private_key_jwt"],
    });
    const { steps } = await failureOf(claude, { ...found, [SERVER]: keysOnly });
    expect(steps.at(-1)?.path).toBe("/oauth2/register");
  });

  it("is Claude, where the resource ends with a slash: it asks for one without", async () => {
    const server = await startServer({ scopes: ["openid"], resource: (origin) => `${origin}/` });
    await expect(server.connectAs(claude)).rejects.toThrow(
      /^Claude, token request: POST .*\/oauth2\/token answered 400 and the error invalid_target, without an access token\.$/,
    );
    expect((await server.connectAs(vscode)).resource).toBe(server.address);
  });
});

it.each(profiles)("$name: each fact has a public source", ({ sources, asOf, registrations }) => {
  for (const { url, tells } of sources) {
    expect(new URL(url).protocol).toBe("https:");
    expect(tells).not.toBe("");
  }
  expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  for (const one of registrations) if (one.kind === "cimd") expect(one.document.client_id).toBe(one.clientId);
});
