import { type Authentication, consentOption, createLogin, createVerifier } from "@connect/core";
import {
  createSessions,
  createSite,
  type HeadersView,
  openProduct,
  readEnvironment,
  workspaceChoices,
} from "example-product";

export const environment = readEnvironment();
const product = await openProduct();

/** The product's own pages and sessions: what an application has before it connects. */
export const site = createSite(product, createSessions(environment.sessionSecret));

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
});

/** Who is at the Login URI, and which of their workspaces they may hand out. */
export async function authenticate(headers: HeadersView): Promise<Authentication> {
  const user = await site.currentUser(headers);
  if (user === null) return null;
  const choices = workspaceChoices(await product.workspacesOf(user.id));
  return { user, userConsentOptions: choices.length > 0 ? [workspace.withChoices(choices)] : [] };
}
