import * as oauth from "openid-client";
import type { Person } from "./person.js";
import { client, type Scene, scope } from "./scene.js";

/** Discovery; the client has its secret sent in the way that is the library's default. */
export function discover({ authkit }: Pick<Scene, "authkit">): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(authkit.issuer), client.id, client.secret, undefined, {
    execute: [oauth.allowInsecureRequests],
  });
}

export type Tokens = Awaited<ReturnType<typeof oauth.authorizationCodeGrant>>;

/** A login with openid-client: PKCE, state, nonce, and a resource indicator; the library checks what comes back. */
export async function logIn(
  config: oauth.Configuration,
  { resource }: Pick<Scene, "resource">,
  person: Person,
  workspace: "north" | "south",
): Promise<Tokens> {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const expectedState = oauth.randomState();
  const expectedNonce = oauth.randomNonce();
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: client.redirectUri,
    scope,
    resource,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const callback = await person.authorize(url.href, workspace);
  return oauth.authorizationCodeGrant(config, new URL(callback.url), {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    idTokenExpected: true,
  });
}
