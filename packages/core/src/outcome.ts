import type { ConnectError } from "./errors.js";
import type { AccessToken } from "./token/claims.js";

/** What a visit to the Login URI comes to. `toReply` turns it into an HTTP answer. */
export type LoginOutcome = LoginRedirect | LoginConfirmation | LoginFailure;

/**
 * The browser goes on. `to` says where: AuthKit's `redirect_uri` after a completed login, the application's sign-in or
 * sign-out page, the detour that `authenticate` asked for, the Login URI itself (to ask the user again, or because the id
 * had landed elsewhere), or the fallback page after a failure.
 */
export type LoginRedirect = { readonly type: "redirect"; readonly location: string } & HandoffCookies &
  (
    | { readonly to: "authkit" | "sign-in" | "sign-out" | "detour" | "login-uri" }
    | { readonly to: "fallback"; readonly error: ConnectError }
  );

/** The user is asked whether to go on. */
export interface LoginConfirmation extends HandoffCookies {
  readonly type: "confirmation";
  /** Who is signed in, to be shown. */
  readonly user: { readonly name: string | undefined; readonly email: string };
  readonly form: ConfirmationForm;
  /** The application's own page, where it has one. */
  readonly html: string | undefined;
}

/**
 * What a confirmation page posts, urlencoded, to `action`: the `proof`, and as `answer` one of `continue`, `switch`
 * (somebody else shall sign in) and `deny` (the user did not start this).
 */
export interface ConfirmationForm {
  /** A path on this site. */
  readonly action: string;
  /** Good for this login and this user, once and for five minutes. */
  readonly proof: string;
}

/**
 * The visit is answered with an error page: the request itself was at fault, nobody knows whether the login is complete,
 * or no fallback page is configured.
 */
export interface LoginFailure extends HandoffCookies {
  readonly type: "failure";
  readonly error: ConnectError;
  /** With `method_not_allowed`: what the Login URI takes, `GET` or `GET, POST` where it asks for confirmation. */
  readonly allow?: string;
}

/** Cookies that go with the answer; none where absent. */
interface HandoffCookies {
  readonly cookies?: readonly HandoffCookie[];
}

/** A cookie to set; the reply makes it `HttpOnly`, `Secure` and `SameSite=Lax`, for the whole of this host. */
export interface HandoffCookie {
  readonly name: string;
  /** Empty: the cookie is taken away. */
  readonly value: string;
  /** Seconds. */
  readonly maxAge: number;
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
