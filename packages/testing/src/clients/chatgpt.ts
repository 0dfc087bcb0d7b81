import type { ClientProfile } from "./profile.js";

// ChatGPT makes one for each connection; its settings show the real addresses.
const CALLBACK_ID = "example";
const REDIRECT_URI = `https://chatgpt.com/connector/oauth/${CALLBACK_ID}`;
const CLIENT_ID = `https://chatgpt.com/oauth/${CALLBACK_ID}/client.json`;

/** ChatGPT's connectors, also called apps and plugins. */
export const chatgpt: ClientProfile = {
  name: "ChatGPT",
  registrations: [
    {
      kind: "cimd",
      clientId: CLIENT_ID,
      document: {
        client_id: CLIENT_ID,
        client_name: "ChatGPT",
        client_uri: "https://chatgpt.com/",
        logo_uri: "https://persistent.oaistatic.com/sonic/misc/openai-logo.png",
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
        token_endpoint_auth_signing_alg: "RS256",
        jwks_uri: "https://chatgpt.com/oauth/jwks.json",
      },
    },
  ],
  redirectUri: REDIRECT_URI,
  discovery: {
    resource: ["challenge", "path", "root"],
    match: "exact",
    server: ["oauth", "openid", "openid-appended"],
    headers: { resource: {}, server: {} },
  },
  authorize: {
    scope: ["challenge", "resource"],
    adds: ["openid", "email", "profile"],
    promptsForOfflineAccess: false,
    resource: "published",
  },
  mcp: {
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    protocolVersion: "2025-11-25",
  },
  quirks: [
    "Its document prefers private_key_jwt and offers none. It takes a method that the authorization server lists, too; with AuthKit that is none.",
    "The callback and the document are those of one connection. Only where the authorization server sends iss (RFC 9207), which AuthKit does not, they are https://chatgpt.com/connector_platform_oauth_redirect and https://chatgpt.com/oauth/client.json.",
    "It may also register itself, if the connection's owner chooses so; then once, and that client is kept.",
    "An authorization server that does not publish S256 is refused.",
    "When it asks for more scopes, it may send id_token_hint.",
    "It was reported to be signed out when its first token ended, where the resource did not list offline_access.",
  ],
  unknown: [
    "What it registers with.",
    "Headers of its MCP requests.",
    "How it joins the scopes of challenge, resource and single tools; whether it asks for offline_access by itself.",
    "Whether it sends prompt.",
  ],
  sources: [
    {
      url: "https://developers.openai.com/plugins/build/auth",
      tells:
        "documents before registration, their addresses and the callback, auth methods, resource on both requests, S256, OpenID scopes, id_token_hint",
    },
    {
      url: "https://github.com/Altinity/altinity-mcp/issues/118",
      tells: "the members of a connection's document, May 2026",
    },
    {
      url: "https://github.com/django-oauth/django-oauth-toolkit/issues/1845",
      tells: "the shared document, with token_endpoint_auth_methods_supported, August 2026",
    },
    {
      url: "https://github.com/lowdefy/lowdefy/pull/2337",
      tells: "signed out after an hour where the resource did not offer offline_access",
    },
  ],
  asOf: "2026-11-27",
};
