import { createServer } from "node:net";
import { describe, expect, it } from "vitest";

import { ConfigError, parseConfig } from "../src/config.js";
import { startLocalAuthKit } from "../src/index.js";
import { SWITCHES } from "../src/switches.js";
import { start } from "./harness.js";

const client = { clientId: "c", name: "C", redirectUris: ["http://localhost/cb"] };
const SECRET = "do not print me";

function messageOf(options: object): string {
  try {
    parseConfig(options);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : "";
  }
  return "accepted";
}

describe("options", () => {
  it("have defaults", () => {
    const { clients, switches, ...rest } = parseConfig({});
    expect(rest).toEqual({
      port: 4000,
      host: "localhost",
      environmentClientId: "client_local_environment",
      resources: [],
      dynamicClientRegistration: false,
      clientIdMetadataDocuments: false,
      jwtTemplate: {},
      users: [],
      organizations: [],
      metadataDocuments: {},
      webOrigins: [],
      store: "memory",
      externalAuthTtl: 300,
      accessTokenTtl: 300,
      idTokenTtl: 3600,
      authorizationCodeTtl: 600,
      refreshTokenTtl: 2_592_000,
      refreshReuseGrace: 0,
      sessionTtl: 172_800,
    });
    expect(switches).toEqual(
      Object.fromEntries(Object.entries(SWITCHES).map(([name, { values }]) => [name, values[0]])),
    );
    expect(clients).toMatchObject([
      {
        clientId: "client_local_partner",
        clientSecret: "partner_secret_local",
        name: "Acme Reports",
        redirectUris: ["http://localhost:3001/callback"],
        firstParty: false,
      },
      {
        clientId: "client_local_public",
        name: "Local MCP Client",
        redirectUris: ["http://localhost/callback"],
      },
    ]);
    expect(clients[1]).not.toHaveProperty("clientSecret");
  });

  it.each<[string, object]>([
    ["port", { port: SECRET }],
    ["port", { port: 65_536 }],
    ["port", { port: Number.NaN }],
    ["host", { host: "0.0.0.0" }],
    ["host", { host: "example.com" }],
    ["host", { host: "127.0.0.1.example.com" }],
    ["host", { host: "" }],
    ["issuer", { issuer: `http://localhost/${SECRET}` }],
    ["issuer", { issuer: "http://localhost:4000/" }],
    ["loginUri", { loginUri: `/${SECRET}` }],
    ["loginUri", { loginUri: "javascript:alert(1)" }],
    ["apiKey", { apiKey: SECRET }],
    ["clients[0].clientId", { clients: [{ ...client, clientId: "" }] }],
    ["clients[0].clientSecret", { clients: [{ ...client, clientSecret: SECRET }] }],
    ["clients[1].redirectUris", { clients: [client, { ...client, clientId: "d", redirectUris: [] }] }],
    ["clients[0].redirectUris[0]", { clients: [{ ...client, redirectUris: [`/${SECRET}`] }] }],
    ["clients[0].redirectUris[0]", { clients: [{ ...client, redirectUris: ["javascript:alert(1)"] }] }],
    ["clients[0].grantTypes[0]", { clients: [{ ...client, grantTypes: [SECRET] }] }],
    ["clients[0].clientSecret", { clients: [{ ...client, grantTypes: ["client_credentials"] }] }],
    ["clients[0].typo", { clients: [{ ...client, typo: SECRET }] }],
    ["clients", { clients: [client, client] }],
    ["clients", { clients: SECRET }],
    ["resources[0]", { resources: ["mcp"] }],
    ["dynamicClientRegistration", { dynamicClientRegistration: SECRET }],
    ["clientIdMetadataDocuments", { clientIdMetadataDocuments: SECRET }],
    ["defaultResource", { defaultResource: "https://mcp.example.com" }],
    ["defaultResource", { resources: ["https://a.example"], defaultResource: "https://a.example/" }],
    ["jwtTemplate", { jwtTemplate: SECRET }],
    ["jwtTemplate", { jwtTemplate: [SECRET] }],
    ["jwtTemplate.sub", { jwtTemplate: { email: "{{ user.email }}", sub: SECRET } }],
    ["jwtTemplate.iss", { jwtTemplate: { iss: SECRET } }],
    ["jwtTemplate.exp", { jwtTemplate: { exp: 1 } }],
    ["jwtTemplate.iat", { jwtTemplate: { iat: 1 } }],
    ["jwtTemplate.nbf", { jwtTemplate: { nbf: 1 } }],
    ["jwtTemplate.jti", { jwtTemplate: { jti: SECRET } }],
    ["jwtTemplate.x", { jwtTemplate: { x: `{{ user.${SECRET} }}` } }],
    ["jwtTemplate.x", { jwtTemplate: { x: "{{ organization.id }}" } }],
    ["jwtTemplate.x", { jwtTemplate: { x: "{{ user.metadata }}" } }],
    ["jwtTemplate.x", { jwtTemplate: { x: "{{ user.email | upcase }}" } }],
    ["jwtTemplate.x", { jwtTemplate: { x: "{{ }}" } }],
    ["jwtTemplate.x", { jwtTemplate: { x: "{{ user.email" } }],
    ["jwtTemplate.x", { jwtTemplate: { x: "{% if user %}{{{ user.email }}}" } }],
    ["jwtTemplate.x", { jwtTemplate: { x: ["fine", { y: "{{ user }}" }] } }],
    ["jwtTemplate.x", { jwtTemplate: { x: () => SECRET } }],
    ["jwtTemplate.x", { jwtTemplate: { x: Number.NaN } }],
    ["switches.subject", { switches: { subject: SECRET } }],
    ["switches.typo", { switches: { typo: SECRET } }],
    ["users[0].email", { users: [{ id: "a", email: SECRET }] }],
    [
      "users",
      {
        users: [
          { id: "a", email: "a@example.com" },
          { id: "a", email: "b@example.com" },
        ],
      },
    ],
    ["organizations[0].name", { organizations: [{ id: "org_1", name: "" }] }],
    ["permissions[0].slug", { permissions: [{ slug: "a b", name: "Both" }] }],
    [
      "clients",
      {
        permissions: [],
        clients: [{ clientId: "a", name: "A", redirectUris: ["http://a/"], scopes: ["x"] }],
      },
    ],
    ["webOrigins[0]", { webOrigins: ["http://localhost/"] }],
    ["store", { store: "sqlite" }],
    ["refreshReuseGrace", { refreshReuseGrace: -1 }],
    ["externalAuthTtl", { externalAuthTtl: 0 }],
    ["accessTokenTtl", { accessTokenTtl: 1.5 }],
    ["refreshTokenTtl", { refreshTokenTtl: SECRET }],
    ["typo", { typo: SECRET }],
  ])("are refused by name, never by value: %s in %j", (option, options) => {
    const message = messageOf(options);
    expect(message.startsWith(`${option} `)).toBe(true);
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain("undefined");
  });

  it.each(["localhost", "127.0.0.1", "127.0.0.53", "::1", "[::1]", "authkit.localhost"])(
    "allow the host %s",
    (host) => {
      expect(parseConfig({ host }).host).toBe(host);
    },
  );

  it("are of no use in production", () => {
    expect(() => parseConfig({}, "production")).toThrow("NODE_ENV is production");
  });
});

describe("a start", () => {
  it("says which port is taken, and what to do", async () => {
    const blocker = createServer().listen(0, "localhost");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const address = blocker.address();
    const port = typeof address === "object" ? address?.port : 0;
    const failure = await startLocalAuthKit({ port }).catch((error: unknown) => error);
    blocker.close();
    expect(failure).toMatchObject({
      code: "EADDRINUSE",
      message: `Port ${port} is in use. Choose another with \`port\` (\`--port\`); 0 takes any free one.`,
    });
  });

  it("at a name under localhost listens on this machine", async () => {
    const authkit = await start({ host: "authkit.localhost" });
    const { port } = new URL(authkit.url);
    expect(authkit.issuer).toBe(`http://authkit.localhost:${port}`);
    expect((await fetch(`http://localhost:${port}/oauth2/jwks`)).status).toBe(200);
  });

  it("ends with close, which drops open connections and may be called again", async () => {
    const authkit = await startLocalAuthKit({ port: 0 });
    await (await fetch(`${authkit.url}/oauth2/jwks`)).text();
    await Promise.all([authkit.close(), authkit.close()]);
    await authkit.close();
    await expect(fetch(`${authkit.url}/oauth2/jwks`)).rejects.toThrow();
  });
});
