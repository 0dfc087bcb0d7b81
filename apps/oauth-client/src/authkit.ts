import * as oauth from "openid-client";
import { isLoopback, type Settings } from "./environment.js";

/** The scopes the app asks for: who the user is, and a refresh token. */
export const SCOPE = "openid profile email offline_access";
const TIMEOUT_SECONDS = 10;

/** What must be remembered between sending the browser to AuthKit and its return. */
export interface Attempt {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** What AuthKit gave. */
export interface Tokens {
  accessToken: string;
  /** Seconds since the epoch; null when AuthKit didn't say. */
  expiresAt: number | null;
  refreshToken: string | null;
  /** Separated by spaces; null when AuthKit didn't say, which means all that was asked for. */
  scope: string | null;
  /** Who connected, as the ID token says; null when there was none, as there may be after a refresh. */
  identity: Record<string, unknown> | null;
}

/** AuthKit refused, or couldn't be asked. Holds OAuth's own error code and nothing of a request or an answer. */
export class AuthKitError extends Error {
  override readonly name = "AuthKitError";

  constructor(
    /** The OAuth error code, or `authkit_unreachable` or `invalid_authkit_response`. */
    readonly code: string,
    /** AuthKit's own words, if it gave any. */
    readonly description: string | null = null,
  ) {
    super(code);
  }
}

/** AuthKit as an OAuth client sees it. Everything rejects with an `AuthKitError`. */
export interface AuthKit {
  /** The address to send the browser to, and what to keep until it is back. */
  begin(): Promise<{ url: URL; attempt: Attempt }>;
  /** Turns the query that the browser came back with into tokens, after checking state, nonce and PKCE. */
  finish(search: string, attempt: Attempt): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
}

/** An AuthKit whose metadata is fetched when it is first needed, and again if that failed. */
export function createAuthKit(settings: Settings, redirectUri: string): AuthKit {
  const { resource } = settings;
  let discovered: Promise<oauth.Configuration> | null = null;

  function configuration(): Promise<oauth.Configuration> {
    discovered ??= discover(settings).catch((error) => {
      discovered = null;
      throw error;
    });
    return discovered;
  }

  return {
    begin: () =>
      orFail(async () => {
        const config = await configuration();
        const attempt = {
          state: oauth.randomState(),
          nonce: oauth.randomNonce(),
          codeVerifier: oauth.randomPKCECodeVerifier(),
        };
        const url = oauth.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: SCOPE,
          resource,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(attempt.codeVerifier),
          code_challenge_method: "S256",
        });
        return { url, attempt };
      }),

    finish: (search, attempt) =>
      orFail(async () => {
        const callback = new URL(redirectUri);
        callback.search = search;
        const response = await oauth.authorizationCodeGrant(
          await configuration(),
          callback,
          {
            expectedState: attempt.state,
            expectedNonce: attempt.nonce,
            pkceCodeVerifier: attempt.codeVerifier,
            idTokenExpected: true,
          },
          { resource },
        );
        return toTokens(response);
      }),

    refresh: (refreshToken) =>
      orFail(async () => {
        const response = await oauth.refreshTokenGrant(await configuration(), refreshToken, { resource });
        return toTokens(response);
      }),
  };
}

function discover({ authkitUrl, clientId, clientSecret }: Settings): Promise<oauth.Configuration> {
  const server = new URL(authkitUrl);
  return oauth.discovery(
    server,
    clientId,
    {},
    clientSecret === null ? oauth.None() : oauth.ClientSecretPost(clientSecret),
    {
      // AuthKit's OpenID document doesn't list the PKCE methods; its OAuth document (RFC 8414) does.
      algorithm: "oauth2",
      timeout: TIMEOUT_SECONDS,
      execute: server.protocol === "http:" && isLoopback(server) ? [oauth.allowInsecureRequests] : [],
    },
  );
}

function toTokens(response: oauth.TokenEndpointResponse & oauth.TokenEndpointResponseHelpers): Tokens {
  const lifetime = response.expiresIn();
  return {
    accessToken: response.access_token,
    expiresAt: lifetime === undefined ? null : Math.floor(Date.now() / 1000) + lifetime,
    refreshToken: response.refresh_token ?? null,
    scope: response.scope ?? null,
    identity: response.claims() ?? null,
  };
}

/** The library's errors hold whole answers, tokens among them: they end here. */
async function orFail<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
      throw new AuthKitError(error.error, error.error_description);
    }
    if (error instanceof oauth.WWWAuthenticateChallengeError) {
      throw new AuthKitError(error.cause[0]?.parameters.error ?? "invalid_client");
    }
    throw new AuthKitError(isNetworkFailure(error) ? "authkit_unreachable" : "invalid_authkit_response");
  }
}

function isNetworkFailure(error: unknown): boolean {
  // `fetch` rejects with a TypeError; the library's own TypeErrors carry a code.
  if (error instanceof TypeError) return !("code" in error);
  return error instanceof oauth.ClientError && error.code === "OAUTH_TIMEOUT";
}
