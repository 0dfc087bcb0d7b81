import { createRemoteJWKSet, jwtVerify } from "jose";
import { beforeAll, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { open, start, tokensFor } from "./harness.js";

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open({ host: "127.0.0.1" });
  return () => authkit.close();
});

const read = async (path: string) => {
  const answer = await fetch(`${authkit.url}${path}`, { headers: { origin: "https://inspector.example" } });
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
    200,
    path.startsWith("/.well-known") ? "*" : "https://inspector.example",
  ]);
  return answer.json();
};

const common = () => ({
  issuer: authkit.issuer,
  authorization_endpoint: `${authkit.issuer}/oauth2/authorize`,
  token_endpoint: `${authkit.issuer}/oauth2/token`,
  jwks_uri: `${authkit.issuer}/oauth2/jwks`,
  introspection_endpoint: `${authkit.issuer}/oauth2/introspection`,
  device_authorization_endpoint: `${authkit.issuer}/oauth2/device_authorization`,
  response_modes_supported: ["query"],
  response_types_supported: ["code"],
  scopes_supported: ["email", "offline_access", "openid", "profile"],
  token_endpoint_auth_methods_supported: ["none", "client_secret_post", "client_secret_basic"],
});
const GRANTS = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

it("publishes RFC 8414 metadata with AuthKit's members and no other", async () => {
  expect(await read("/.well-known/oauth-authorization-server")).toEqual({
    ...common(),
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: GRANTS,
  });
});

it("publishes the OpenID document with AuthKit's members and no other", async () => {
  expect(await read("/.well-known/openid-configuration")).toEqual({
    ...common(),
    grant_types_supported: [...GRANTS, "client_credentials"],
    id_token_signing_alg_values_supported: ["RS256"],
    subject_types_supported: ["public"],
    userinfo_endpoint: `${authkit.issuer}/oauth2/userinfo`,
  });
});

it("has an issuer without path or trailing slash", () => {
  expect(authkit.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(authkit.url).toBe(authkit.issuer);
});

it("publishes the public key, and only that, of what it signs", async () => {
  const { keys } = await read("/oauth2/jwks");
  expect(keys).toEqual([
    { kty: "RSA", use: "sig", alg: "RS256", kid: expect.any(String), n: expect.any(String), e: "AQAB" },
  ]);
  const { body } = await tokensFor(authkit);
  const { protectedHeader } = await jwtVerify(
    String(body.access_token),
    createRemoteJWKSet(new URL(`${authkit.issuer}/oauth2/jwks`)),
    { issuer: authkit.issuer, audience: "client_local_environment" },
  );
  expect(protectedHeader.kid).toBe(keys[0].kid);
});

it("signs with another key at each start", async () => {
  const other = await start();
  const [one, two] = await Promise.all(
    [authkit, other].map(async ({ url }) => (await fetch(`${url}/oauth2/jwks`)).json()),
  );
  expect(one.keys[0].kid).not.toBe(two.keys[0].kid);
});

it.each(["/oauth2/revoke", "/oauth2/par", "/oauth2/logout", "/session/end"])(
  "does not answer at %s, which it does not publish",
  async (path) => {
    for (const method of ["GET", "POST"]) {
      expect((await fetch(`${authkit.url}${path}`, { method })).status).toBe(404);
    }
  },
);

it("speaks in the name of an issuer it is given", async () => {
  const issuer = "https://auth.example.com";
  const behind = await start({ issuer });
  expect([behind.issuer, new URL(behind.url).hostname]).toEqual([issuer, "localhost"]);
  const answer = await fetch(`${behind.url}/.well-known/oauth-authorization-server`);
  expect((await answer.json()).token_endpoint).toBe(`${issuer}/oauth2/token`);
});

it("answers HEAD, which tools use to wait for a server", async () => {
  const url = `${authkit.url}/.well-known/oauth-authorization-server`;
  expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
});

it("lets browsers of other origins ask for tokens", async () => {
  const preflight = await fetch(`${authkit.url}/oauth2/token`, {
    method: "OPTIONS",
    headers: { origin: "https://app.example.com", "access-control-request-method": "POST" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
});
