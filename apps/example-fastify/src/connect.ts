import { type Authentication, createLogin, createVerifier } from "@connect/core";
import {
  createSessions,
  createSite,
  type HeadersView,
  openProduct,
  readEnvironment,
  tenantOptions,
} from "example-product";

export const environment = readEnvironment();
const product = await openProduct();

/** The product's own pages and sessions: what an application has before it connects. */
export const site = createSite(product, createSessions(environment.sessionSecret));

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
});

/** Who is at the Login URI, and which of their workspaces they may hand out. */
export async function authenticate(headers: HeadersView): Promise<Authentication> {
  const user = await site.currentUser(headers);
  if (user === null) return null;
  return { user, userConsentOptions: tenantOptions(await product.workspacesOf(user.id)) };
}
