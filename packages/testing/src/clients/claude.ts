import type { ClientProfile } from "./profile.js";

const REDIRECT_URI = "https://claude.ai/api/mcp/auth_callback";
const CLIENT_ID = "https://claude.ai/oauth/mcp-oauth-client-metadata";

/** Claude's connectors: claude.ai, Desktop, mobile, Cowork. All of them connect from Anthropic's servers. */
export const claude: ClientProfile = {
  name: "Claude",
  registrations: [
    {
      kind: "cimd",
      clientId: CLIENT_ID,
      document: {
        client_id: CLIENT_ID,
        client_name: "Claude",
        client_uri: "https://claude.ai",
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
      },
    },
    {
      kind: "dcr",
      metadata: {
        client_name: "Claude",
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_post",
      },
      sendsScope: false,
    },
  ],
  redirectUri: REDIRECT_URI,
  discovery: {
    resource: ["challenge", "path", "root"],
    match: "exact",
    server: ["oauth", "openid"],
    headers: { resource: {}, server: {} },
  },
  authorize: {
    scope: ["challenge", "resource"],
    adds: ["offline_access"],
    promptsForOfflineAccess: false,
    resource: "canonical",
  },
  mcp: {
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    protocolVersion: "2025-11-25",
  },
  quirks: [
    "A metadata document is used only where the authorization server lists none among its token endpoint auth methods.",
    "Without one, it registers anew at each fresh connection.",
    "Only a 401 starts a login, and of authorization_servers only the first counts.",
    "Refreshes on a 401, and up to five minutes before a token expires.",
    "Discovery, registration and token requests must be answered within ten seconds.",
    "The callback may move to https://claude.com/api/mcp/auth_callback.",
  ],
  unknown: [
    "Headers of its requests, and the order of the authorization server's documents.",
    "Whether it sends prompt.",
    "Which scopes it registers with: reports differ.",
  ],
  sources: [
    {
      url: "https://claude.com/docs/connectors/building/authentication",
      tells:
        "when it uses a document or registers, callback, PKCE, scopes, offline_access, refresh, time limits",
    },
    {
      url: "https://claude.com/docs/connectors/building/troubleshooting",
      tells: "resource on both requests in its canonical form, where metadata is looked for",
    },
    {
      url: CLIENT_ID,
      tells: "the document itself, as copies of September 2026 have it",
    },
    {
      url: "https://github.com/curityio/mcp-authorization-secured-api/blob/main/clients/claude/README.md",
      tells: "a registration of the web connector",
    },
    {
      url: "https://github.com/anthropics/claude-code/issues/5826",
      tells: "another one, with client_secret_post",
    },
    {
      url: "https://github.com/anthropics/claude-ai-mcp/blob/main/drafts/announcement-auth-server-metadata-fallback-deprecation.md",
      tells: "since January 2026 it does not look for AuthKit's metadata at the resource",
    },
    {
      url: "https://support.claude.com/en/articles/11503834-building-custom-connectors-via-remote-mcp-servers",
      tells: "its name, and that the callback may move",
    },
  ],
  asOf: "2026-11-27",
};
