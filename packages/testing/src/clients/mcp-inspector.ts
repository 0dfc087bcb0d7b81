import type { ClientProfile } from "./profile.js";

const REDIRECT_URI = "http://localhost:6274/oauth/callback";

/** The MCP Inspector, in a browser on the developer's machine. */
export const mcpInspector: ClientProfile = {
  name: "MCP Inspector",
  registrations: [
    {
      kind: "dcr",
      metadata: {
        client_name: "MCP Inspector",
        client_uri: "https://github.com/modelcontextprotocol/inspector",
        redirect_uris: [REDIRECT_URI, "http://localhost:6274/oauth/callback/debug"],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
      },
      sendsScope: true,
    },
  ],
  redirectUri: REDIRECT_URI,
  discovery: {
    resource: ["challenge", "path", "root"],
    match: "above",
    server: ["oauth", "openid", "openid-appended"],
    headers: {
      resource: { "mcp-protocol-version": "2025-11-25" },
      server: { "mcp-protocol-version": "2025-11-25" },
    },
  },
  authorize: {
    scope: ["challenge", "resource", "server"],
    adds: [],
    promptsForOfflineAccess: true,
    resource: "published",
  },
  mcp: {
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    protocolVersion: "2025-11-25",
  },
  quirks: [
    "Where the resource publishes no scopes, it asks for all that the authorization server lists.",
    "Its requests come from a browser page unless its proxy is on: they need CORS, for MCP-Protocol-Version too.",
    "A document is used only where its address was entered (--client-metadata-url), and before its own registration.",
    "The port is the Inspector's own and can be changed.",
  ],
  unknown: [],
  sources: [
    {
      url: "https://github.com/modelcontextprotocol/inspector/blob/main/client/src/lib/auth.ts",
      tells: "its registration, redirect URIs and scopes",
    },
    {
      url: "https://github.com/modelcontextprotocol/inspector/blob/main/core/auth/cimd.ts",
      tells: "when it uses a document",
    },
    {
      url: "https://github.com/modelcontextprotocol/typescript-sdk/blob/v1.x/src/client/auth.ts",
      tells: "where metadata is looked for and with which header, prompt=consent, resource, refresh",
    },
    {
      url: "https://github.com/modelcontextprotocol/typescript-sdk/blob/v1.x/src/client/streamableHttp.ts",
      tells: "headers of its MCP requests",
    },
  ],
  asOf: "2026-11-27",
};
