import type { ClientProfile } from "./profile.js";

/** Cursor, the desktop application. */
export const cursor: ClientProfile = {
  name: "Cursor",
  registrations: [
    {
      kind: "dcr",
      metadata: {
        client_name: "Cursor",
        redirect_uris: [
          "cursor://anysphere.cursor-mcp/oauth/callback",
          "https://www.cursor.com/agents/mcp/oauth/callback",
          "http://localhost:8787/callback",
        ],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
      },
      sendsScope: true,
    },
  ],
  redirectUri: "http://localhost:8787/callback",
  discovery: {
    resource: ["challenge", "path", "root"],
    match: "exact",
    server: ["oauth", "openid"],
    headers: { resource: {}, server: {} },
  },
  authorize: {
    scope: ["challenge", "resource"],
    adds: [],
    promptsForOfflineAccess: false,
    resource: "published",
  },
  mcp: {
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    protocolVersion: "2025-11-25",
  },
  quirks: [
    "A registration is refused as a whole where one of its redirect URIs is; cursor:// is a scheme of its own (RFC 8252 section 7.1).",
    "Older versions came back to cursor://anysphere.cursor-mcp/oauth/callback, Cursor's agents on the web come back to www.cursor.com.",
    "Newer versions register grokbot:// and https://www.cursor.com/bot/mcp/oauth/callback, too.",
    "A document at https://cursor.com/oauth/mcp-client.json is reported; in September 2026 the desktop application was seen to register although documents were offered.",
    "It registers as soon as a server is configured, before the user signs in.",
  ],
  unknown: [
    "Whether it sends resource and prompt: its documentation is silent.",
    "Headers of its requests, and the order of the authorization server's documents.",
    "When it uses its document.",
  ],
  sources: [
    {
      url: "https://cursor.com/docs/mcp",
      tells:
        "registers itself unless a client id is configured; http://localhost:8787/callback and the agents' callback",
    },
    {
      url: "https://github.com/erp-mafia/accounted/pull/2225",
      tells: "three redirect URIs in one registration",
    },
    {
      url: "https://github.com/soflyy/agent-connector-for-wp/issues/111",
      tells: "the same, and that it registers on connecting, before anybody signs in",
    },
    {
      url: "https://github.com/different-ai/openwork/pull/3059",
      tells: "the cursor:// callback and token_endpoint_auth_method none",
    },
    {
      url: "https://github.com/Altinity/altinity-mcp/issues/169",
      tells: "registers although documents are offered; a public client with S256",
    },
    {
      url: "https://cursor.com/oauth/mcp-client.json",
      tells: "named as Cursor's document by other projects; it was not read",
    },
    { url: "https://docs.pipeshub.com/mcp/cursor", tells: "asks for all scopes that the resource lists" },
    {
      url: "https://github.com/cursor/plugins/pull/461",
      tells: "grokbot:// and the bot's callback",
    },
  ],
  asOf: "2026-11-27",
};
