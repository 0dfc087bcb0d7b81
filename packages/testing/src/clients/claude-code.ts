import type { ClientProfile } from "./profile.js";

const REDIRECT_URI = "http://localhost:3118/callback";
const CLIENT_ID = "https://claude.ai/oauth/claude-code-client-metadata";

/** Claude Code, the command on the user's own machine. */
export const claudeCode: ClientProfile = {
  name: "Claude Code",
  registrations: [
    {
      kind: "cimd",
      clientId: CLIENT_ID,
      document: {
        client_id: CLIENT_ID,
        client_name: "Claude Code",
        client_uri: "https://claude.ai",
        redirect_uris: ["http://localhost/callback", "http://127.0.0.1/callback"],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
      },
    },
    {
      kind: "dcr",
      metadata: {
        client_name: "Claude Code",
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        application_type: "native",
      },
      sendsScope: false,
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
    adds: ["offline_access"],
    promptsForOfflineAccess: true,
    resource: "canonical",
  },
  mcp: {
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    protocolVersion: "2025-11-25",
  },
  quirks: [
    "Its document names the redirect URIs without a port, and the browser comes back to any port.",
    "The port can be fixed with --callback-port, a client id given with --client-id.",
    "Its first versions asked for no scope at all, and got no refresh token.",
  ],
  unknown: [
    "Headers of its requests, and the order of the authorization server's documents.",
    "The client_name of its registration beyond Claude Code: reports add the server's name.",
  ],
  sources: [
    {
      url: CLIENT_ID,
      tells: "the document itself, as read in July and August 2026 by several projects",
    },
    {
      url: "https://claude.com/docs/connectors/building/authentication",
      tells: "it has its own document, loopback with any port, PKCE, scopes",
    },
    {
      url: "https://claude.com/docs/connectors/building/troubleshooting",
      tells: "resource on both requests in its canonical form",
    },
    { url: "https://code.claude.com/docs/en/mcp", tells: "--callback-port, --client-id, documents" },
    {
      url: "https://github.com/anthropics/claude-code/issues/42301",
      tells: "a port in redirect_uri, none in the document",
    },
    { url: "https://github.com/anthropics/claude-code/issues/23593", tells: "prompt=consent" },
    {
      url: "https://github.com/appstrate/appstrate/issues/1267",
      tells: "the members of its registration, without scope; offline_access at authorize",
    },
    {
      url: "https://github.com/elmohq/elmo/pull/684",
      tells: "a captured registration: application_type native, http://localhost:3118/callback",
    },
    { url: "https://github.com/anthropics/claude-code/issues/7744", tells: "no scope in older versions" },
    {
      url: "https://github.com/MCPJam/inspector/blob/main/sdk/src/host-config/oauth-profiles/catalog.ts",
      tells: "initialize with 2025-11-25",
    },
  ],
  asOf: "2026-11-27",
};
