import * as oauth from "openid-client";
import { client, type Scene, scope } from "./scene.js";

/** Discovery, and signatures of ID tokens looked at, which the library else leaves to TLS. */
export function discover(
  { authkit }: Pick<Scene, "authkit">,
  { id, secret }: { readonly id: string; readonly secret: string } = client,
): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(authkit.issuer), id, secret, undefined, {
    execute: [oauth.allowInsecureRequests, oauth.enableNonRepudiationChecks],
  });
}

/** A login that the client has begun. */
export interface Begun {
  /** Where the browser is sent. */
  readonly url: string;
  /** Checks what came back with the browser, and redeems the code. */
  redeem(callbackUrl: string): ReturnType<typeof oauth.authorizationCodeGrant>;
}

/** With PKCE, state, nonce, and a resource indicator. */
export async function begin(
  config: oauth.Configuration,
  { resource }: Pick<Scene, "resource">,
): Promise<Begun> {
  const checks = {
    pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
    expectedState: oauth.randomState(),
    expectedNonce: oauth.randomNonce(),
    idTokenExpected: true,
  };
  const { href: url } = oauth.buildAuthorizationUrl(config, {
    redirect_uri: client.redirectUri,
    scope,
    resource,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  return {
    url,
    redeem: (callbackUrl) => oauth.authorizationCodeGrant(config, new URL(callbackUrl), checks),
  };
}
