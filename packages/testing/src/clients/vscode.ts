import type { ClientProfile } from "./profile.js";

const CLIENT_ID = "https://vscode.dev/oauth/client-metadata.json";
const GRANT_TYPES = [
  "authorization_code",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
] as const;

/** Visual Studio Code, and Copilot's agent mode in it. */
export const vscode: ClientProfile = {
  name: "Visual Studio Code",
  registrations: [
    {
      kind: "cimd",
      clientId: CLIENT_ID,
      document: {
        client_id: CLIENT_ID,
        client_name: "Visual Studio Code",
        client_uri: "https://vscode.dev/product",
        redirect_uris: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
        grant_types: GRANT_TYPES,
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        application_type: "native",
      },
    },
    {
      kind: "dcr",
      metadata: {
        client_name: "Visual Studio Code",
        client_uri: "https://code.visualstudio.com",
        redirect_uris: [
          "https://insiders.vscode.dev/redirect",
          "https://vscode.dev/redirect",
          "http://127.0.0.1/",
          "http://127.0.0.1:33418/",
        ],
        grant_types: GRANT_TYPES,
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        application_type: "native",
      },
      sendsScope: true,
    },
  ],
  redirectUri: "http://127.0.0.1:33418/",
  discovery: {
    resource: ["challenge", "path", "root"],
    match: "url",
    server: ["oauth", "openid", "openid-appended"],
    headers: {
      resource: { accept: "application/json", "mcp-protocol-version": "2025-11-25" },
      server: { accept: "application/json" },
    },
  },
  authorize: {
    scope: ["challenge", "resource"],
    adds: [],
    promptsForOfflineAccess: false,
    resource: "published",
  },
  mcp: {
    headers: { "content-type": "application/json", accept: "text/event-stream, application/json" },
    protocolVersion: "2025-11-25",
  },
  quirks: [
    "A 403 starts a login as a 401 does, and it goes on with the scopes that the challenge names.",
    "It registers for the grants of its own that the authorization server lists, the device grant among them.",
    "It adds no offline_access of its own: without it among the published scopes there is no refresh token.",
    "Where no metadata can be found it makes some up: /authorize, /token and /register at the resource.",
    "MCP requests carry no MCP-Protocol-Version; its requests for metadata at the resource's origin do.",
    "Where port 33418 is taken it comes back to another port, and in a browser to https://vscode.dev/redirect.",
    "Of authorization_servers only the first counts.",
    "After invalid_client it registers again.",
  ],
  unknown: [],
  sources: [
    {
      url: "https://github.com/microsoft/vscode/blob/main/src/vs/base/common/oauth.ts",
      tells: "its registration, where metadata is looked for, how resource must fit",
    },
    {
      url: "https://github.com/microsoft/vscode/blob/main/src/vs/workbench/api/common/extHostMcp.ts",
      tells: "headers, scopes, 401 and 403, what it does without metadata",
    },
    {
      url: "https://github.com/microsoft/vscode/blob/main/src/vs/workbench/api/common/extHostAuthentication.ts",
      tells: "parameters of the authorization, token and refresh requests",
    },
    {
      url: "https://github.com/microsoft/vscode/blob/main/src/vs/workbench/api/node/loopbackServer.ts",
      tells: "the loopback redirect URI",
    },
    {
      url: "https://github.com/microsoft/vscode/pull/271403",
      tells: "its document is used where the authorization server takes documents",
    },
    { url: CLIENT_ID, tells: "the document itself, as copies of 2026 have it" },
    {
      url: "https://github.com/microsoft/vscode/issues/282472",
      tells: "the redirect URIs that it shows a user who must register it by hand",
    },
  ],
  asOf: "2026-11-27",
};
