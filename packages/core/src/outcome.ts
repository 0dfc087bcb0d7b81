import type { ConnectError } from "./errors.js";
import type { AccessToken } from "./token/claims.js";

/** What a visit to the Login URI comes to. `toReply` turns it into an HTTP answer. */
export type LoginOutcome = LoginRedirect | LoginFailure;

/**
 * The browser goes on. `to` says where: AuthKit's `redirect_uri` after a completed login, the application's sign-in
 * page, the detour that `authenticate` asked for, or the fallback page after a failure of AuthKit.
 */
export type LoginRedirect =
  | { readonly type: "redirect"; readonly to: "authkit" | "sign-in" | "detour"; readonly location: string }
  | {
      readonly type: "redirect";
      readonly to: "fallback";
      readonly location: string;
      readonly error: ConnectError;
    };

/** The visit is answered with an error page: the request itself was at fault, or no fallback page is configured. */
export interface LoginFailure {
  readonly type: "failure";
  readonly error: ConnectError;
}

/** What a request to a protected resource comes to. `toReply` turns all but `authorized` into an HTTP answer. */
export type TokenOutcome<Claims = unknown> = Authorized<Claims> | Challenge | Unavailable;

/** The token is good and has the scopes. */
export interface Authorized<Claims = unknown> {
  readonly type: "authorized";
  readonly accessToken: AccessToken<Claims>;
}

/** The request is refused; `challenge` is the `WWW-Authenticate` value of RFC 6750 section 3. */
export interface Challenge {
  readonly type: "challenge";
  readonly error: ConnectError;
  readonly challenge: string;
}

/** The token could not be checked. It may well be good, so the answer is 503 and never a challenge. */
export interface Unavailable {
  readonly type: "unavailable";
  readonly error: ConnectError;
}

/**
 * What a request for a protected resource's published documents comes to. `head` says that it was a HEAD request,
 * whose answer has the headers of a GET and no body. `toReply` turns it into an HTTP answer that any site may read.
 */
export type ResourceOutcome =
  /** A document, as JSON text. */
  | { readonly type: "metadata"; readonly json: string; readonly head: boolean }
  /** AuthKit's document could not be had; `error` says what was wrong with it in a fixed word. */
  | { readonly type: "metadata_unavailable"; readonly error: ConnectError; readonly head: boolean }
  /** A browser asks what another site may send. */
  | { readonly type: "preflight" }
  /** The documents are read, and nothing else is done with them. */
  | { readonly type: "wrong_method" };
