import * as oauth from "openid-client";
import { type Exchange, HttpBrowser, type Page } from "./http-browser.js";
import { audience, client, redirectUri } from "./launch.js";

/** A flow the client has begun: what it must remember until the browser comes back. */
export interface Begun {
  readonly url: string;
  readonly checks: oauth.AuthorizationCodeGrantChecks & { readonly pkceCodeVerifier: string };
}

/** The client of the story: openid-client, which itself checks issuer, state, nonce, PKCE and the ID token. */
export async function discover(
  issuer: string,
  algorithm: "oauth2" | "oidc" = "oauth2",
): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(issuer), client.clientId, client.clientSecret, undefined, {
    algorithm,
    execute: [oauth.allowInsecureRequests],
  });
}

/** Builds an authorization request with everything a careful client sends. */
export async function begin(
  config: oauth.Configuration,
  scope = "openid profile email offline_access",
): Promise<Begun> {
  const checks = {
    pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
    expectedState: oauth.randomState(),
    expectedNonce: oauth.randomNonce(),
    idTokenExpected: true,
  };
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
    resource: audience,
  });
  return { url: url.href, checks };
}

/** Redeems the code that came back in the browser's address. Throws what the client's own checks find. */
export function redeem(config: oauth.Configuration, callbackUrl: string, { checks }: Begun) {
  return oauth.authorizationCodeGrant(config, new URL(callbackUrl), checks, { resource: audience });
}

/** Refreshes, for the same resource. */
export function refresh(config: oauth.Configuration, refreshToken: string) {
  return oauth.refreshTokenGrant(config, refreshToken, { resource: audience });
}

/** The parts of the browser's way, so that a test can leave it at any point. */
export class Visitor {
  readonly browser: HttpBrowser;

  constructor(onExchange?: (exchange: Exchange) => void) {
    this.browser = new HttpBrowser(onExchange);
  }

  /** Follows the client's redirect to AuthKit, as far as it goes: the sign-in page, consent, or back at the client. */
  start(begun: Begun): Promise<Page> {
    return this.browser.open(begun.url, redirectUri);
  }

  /** Signs in at the example; the way back leads through the Login URI to AuthKit's consent screen. */
  signIn(page: Page, email = "ada@example.com", password = "ada-password"): Promise<Page> {
    return this.browser.submit(page, { email, password }, redirectUri);
  }

  /** Chooses a workspace, where there is a choice, and allows. */
  allow(page: Page, tenant?: string): Promise<Page> {
    const select = page.document.querySelector("select");
    const choice = tenant === undefined || !select ? {} : { [String(select.getAttribute("name"))]: tenant };
    return this.browser.submit(page, { ...choice, decision: "allow" }, redirectUri);
  }

  /** Refuses. */
  deny(page: Page): Promise<Page> {
    return this.browser.submit(page, { decision: "deny" }, redirectUri);
  }
}

/** Calls the example's API. */
export async function callApi(
  exampleUrl: string,
  accessToken: string,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${exampleUrl}/api/me`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return { status: response.status, body: await response.json() };
}
