import { beforeAll, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import {
  ADA,
  authorization,
  BOB,
  Browser,
  begin,
  complete,
  open,
  PARTNER,
  PARTNER_SECRET,
  TENANT,
} from "./harness.js";

// What is known of AuthKit's errors to the byte.

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open({
    clients: [
      {
        clientId: PARTNER,
        clientSecret: PARTNER_SECRET,
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

async function send(path: string, init: RequestInit) {
  const response = await fetch(authkit.url + path, { method: "POST", ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const json = (body: unknown, authorization = `Bearer ${authkit.apiKey}`) => ({
  headers: { authorization, "content-type": "application/json" },
  body: JSON.stringify(body),
});

const MISSING = '{"error":"invalid_client","error_description":"Missing authorization header."}';
const UNKNOWN = '{"error":"invalid_client","error_description":"Application not found."}';

it.each<[string, string, Record<string, string>, string]>([
  ["no client, at the token endpoint", "/oauth2/token", { grant_type: "authorization_code" }, MISSING],
  ["nothing at all, at the token endpoint", "/oauth2/token", {}, MISSING],
  ["no client, at introspection", "/oauth2/introspection", { token: "x" }, MISSING],
  ["no client, at the device endpoint", "/oauth2/device_authorization", {}, MISSING],
  ["an unknown client", "/oauth2/token", { grant_type: "authorization_code", client_id: "x" }, UNKNOWN],
  ["an unknown client with an unknown grant", "/oauth2/token", { grant_type: "x", client_id: "x" }, UNKNOWN],
  ["an unknown client without a grant", "/oauth2/token", { client_id: "x", client_secret: "y" }, UNKNOWN],
  ["an unknown client, at introspection", "/oauth2/introspection", { client_id: "x", token: "x" }, UNKNOWN],
  ["an unknown client, at the device endpoint", "/oauth2/device_authorization", { client_id: "x" }, UNKNOWN],
])("%s is answered as AuthKit answers", async (_name, path, fields, text) => {
  const answer = await send(path, { body: new URLSearchParams(fields) });
  expect([answer.status, answer.text]).toEqual([401, text]);
  expect(answer.headers.get("www-authenticate")).toBe('Basic realm="AuthKit"');
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
});

it("an unknown client in the Authorization header is answered as AuthKit answers", async () => {
  const headers = { authorization: `Basic ${btoa("x:y")}` };
  const answer = await send("/oauth2/token", {
    headers,
    body: new URLSearchParams({ grant_type: "refresh_token" }),
  });
  expect([answer.status, answer.text]).toEqual([401, UNKNOWN]);
  expect(answer.headers.get("www-authenticate")).toBe('Basic realm="AuthKit"');
});

it("userinfo without a token is answered as AuthKit answers", async () => {
  for (const method of ["GET", "POST"]) {
    const answer = await send("/oauth2/userinfo", { method });
    expect([answer.status, answer.text]).toEqual([401, '{"error":"unauthorized"}']);
  }
});

const coded = (code: string) => `{"code":"${code}","message":"Request could not be processed."}`;

it("the completion API refuses as AuthKit refuses", async () => {
  const refusal = async (body: object, client_id = PARTNER) => {
    const external_auth_id = await begin(new Browser(), authorization(authkit, { client_id }));
    const { status, text } = await send(
      "/authkit/oauth2/complete",
      json({ external_auth_id, user: ADA, ...body }),
    );
    return [status, text];
  };
  await complete(authkit, {
    external_auth_id: await begin(new Browser(), authorization(authkit)),
    user: BOB,
  });

  expect(await refusal({ user: { ...ADA, email: "ada" } })).toEqual([400, coded("invalid_email")]);
  expect(await refusal({ user: { ...ADA, email: BOB.email } })).toEqual([400, coded("email_not_available")]);
  expect(await refusal({ user_consent_options: [TENANT] }, "first")).toEqual([
    400,
    coded("user_consent_options_not_supported"),
  ]);
  expect(await refusal({ user_consent_options: [{ ...TENANT, claim: "sub" }] })).toEqual([
    400,
    '{"error":"Bad Request","message":"Claim \\"sub\\" is reserved and cannot be used."}',
  ]);
  const external_auth_id = await begin(new Browser(), authorization(authkit));
  await complete(authkit, { external_auth_id, user: ADA });
  expect(await refusal({ external_auth_id })).toEqual([
    400,
    coded("external_auth_session_already_completed"),
  ]);
  authkit.users.lockEmail(ADA.id);
  expect(await refusal({ user: { ...ADA, email: "other@example.com" } })).toEqual([
    400,
    coded("email_change_not_allowed"),
  ]);
  const nobody = await send("/authkit/oauth2/complete", json({}, "Bearer sk_test_other"));
  expect([nobody.status, nobody.text]).toEqual([401, '{"message":"Unauthorized"}']);
});
