import {
  type Authentication,
  type ConnectError,
  consentOption,
  createConnections,
  createLogin,
  createProtectedResource,
  createVerifier,
} from "@connect/core";
import {
  createMcp,
  createSessions,
  createSite,
  type HeadersView,
  openProduct,
  readEnvironment,
  workspaceChoices,
} from "example-product";

const environment = readEnvironment();
const product = await openProduct();

/** Which apps a user let in, for the page where they are disconnected. */
const connections = createConnections({ apiKey: environment.apiKey, apiUrl: environment.apiUrl });

/** The product's own pages and sessions. */
export const site = createSite(product, createSessions(environment.sessionSecret), connections);

/** The product's tools over MCP. */
export const mcp = createMcp(product, environment.appUrl);

/** What the user chooses on AuthKit's consent screen, and what the token then says. Some have nothing to choose. */
const workspace = consentOption("urn:example:tenant", { label: "Workspace", optional: true });

/** The login side: holds the API key, tells AuthKit who signed in. */
export const login = createLogin({
  apiKey: environment.apiKey,
  authkitUrl: environment.authkitUrl,
  apiUrl: environment.apiUrl,
});

/** The API's side: verifies the access tokens that AuthKit issues. */
export const verifier = createVerifier({
  issuer: environment.authkitUrl,
  audience: environment.audience,
  claims: workspace,
  onRefusal: logRefusal,
});

/** What the MCP endpoint publishes, so that clients find AuthKit. Some get no refresh token unless its scope is here. */
export const resource = createProtectedResource({
  resource: environment.mcpResource,
  authkitUrl: environment.authkitUrl,
  scopes: ["openid", "offline_access"],
});

/** The MCP endpoint's side: its tokens must be made for it, and say by a claim of the JWT template whose they are. */
export const mcpVerifier = createVerifier({
  ...resource.verifierConfig,
  claims: workspace,
  userId: { claim: "urn:example:user_id" },
  onRefusal: logRefusal,
});

/** Who is at the Login URI, and which of their workspaces they may hand out. */
export async function authenticate(headers: HeadersView): Promise<Authentication> {
  const user = await site.currentUser(headers);
  if (user === null) return null;
  const choices = workspaceChoices(await product.workspacesOf(user.id));
  return { user, userConsentOptions: choices.length > 0 ? [workspace.withChoices(choices)] : [] };
}

/** Says why a token was refused, for the log alone. A request without one only asks where to get it. */
function logRefusal({ code, reason, expected }: ConnectError): void {
  if (code === "missing_token") return;
  const why = [reason, expected && `expected ${expected}`].filter(Boolean).join(", ");
  console.error(`token refused: ${code}${why && ` (${why})`}`);
}
