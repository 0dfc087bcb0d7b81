import { type ApiConfig, parseApiAccess } from "../api-access.js";
import { invalidConfig, parseFunction, parseLocation, parseOrigin, parseOrigins } from "../config.js";
import { ConnectError, isConnectError } from "../errors.js";
import { callApi } from "../http.js";
import type { LoginOutcome } from "../outcome.js";
import type { RequestView } from "../ports.js";
import { type Completion, decodeCompletion, encodeCompletion } from "./completion.js";
import { EXTERNAL_AUTH_ID, parseExternalAuthId, readExternalAuthId } from "./external-auth-id.js";

/** What {@link createLogin} needs to know. */
export interface LoginConfig extends ApiConfig {
  /** The AuthKit domain: `https://example.authkit.app`, or a custom domain. Only there does a completed login go on. */
  readonly authkitUrl: string;
  /** Further origins that a `redirect_uri` may lie on, such as a second AuthKit domain. Default none. */
  readonly allowedRedirectOrigins?: readonly string[] | undefined;
}

/** The application's part: who is it? See {@link Authenticate}. */
export type Authentication = Completion | { readonly redirectTo: string } | null | undefined;

/** The run of the handoff that `authenticate` is asked about. */
export interface LoginContext {
  /** AuthKit's id of this login. Whoever completes it decides whose identity the client gets: keep it out of logs. */
  readonly externalAuthId: string;
  /** The path that comes back to this login, for a detour's way back. Always a path on this site. */
  readonly returnTo: string;
}

/**
 * Finds the signed-in user in the application's own way. Answers with
 * - the user (and consent options): the login is completed;
 * - `{ redirectTo }`: the browser is sent there first (onboarding, a second factor, a page of the application's own
 *   that calls `login.complete`); a path, or an absolute https URL;
 * - `null`: nobody is signed in, and the sign-in page comes next.
 *
 * What it throws is the application's and reaches the framework untouched.
 */
export type Authenticate = (context: LoginContext) => Authentication | Promise<Authentication>;

/** Where the Login URI sends browsers. */
export interface LoginOptions {
  /**
   * The application's sign-in page: a path or https URL, which gets the way back as `return_to`; or a function from
   * the way back (a path such as `/auth/login?external_auth_id=...`) to the page's address.
   */
  readonly signInUrl: string | ((returnTo: string) => string);
  /** Where a browser goes when AuthKit refuses or fails; AuthKit's guide recommends the home page. Default: an error page. */
  readonly fallbackUrl?: string | undefined;
  /**
   * Told of every failure, before the browser is answered: a bad request to the Login URI, a refusal of AuthKit's, or
   * an answer of `authenticate` that can't be used. The error holds no secrets and may be logged as it is.
   */
  readonly onError?: ((error: ConnectError) => void | Promise<void>) | undefined;
}

/** The login side of Standalone Connect. */
export interface Login {
  /**
   * Answers one visit to the Login URI. Never throws for what the browser or AuthKit did: that is in the outcome.
   * Only a plain GET navigation is served; HEAD, prefetches and embedded loads get `method_not_allowed` and spend
   * nothing. Throws `invalid_config` where `options` are at fault.
   */
  handle(request: RequestView, authenticate: Authenticate, options: LoginOptions): Promise<LoginOutcome>;
  /**
   * Tells AuthKit who signed in, and gives the address the browser must go to next (303). For applications with a
   * page of their own in between; `handle` calls it by itself. Throws a `ConnectError` with any of the completion's
   * codes. An id that AuthKit refused for what was sent with it (the user, the options, the API key) can be completed
   * again, as far as is known; whether AuthKit acted on a call that timed out is not.
   */
  complete(externalAuthId: string, completion: Completion): Promise<string>;
}

/**
 * Sets up the login side. Throws `invalid_config`, naming the option.
 * Source: AuthKit, Connect, "Standalone".
 */
export function createLogin(config: LoginConfig): Login {
  const api = parseApiAccess(config);
  const trustedOrigins = new Set([
    parseOrigin(config.authkitUrl, "authkitUrl"),
    ...parseOrigins(config.allowedRedirectOrigins ?? [], "allowedRedirectOrigins"),
  ]);

  async function complete(externalAuthId: string, completion: Completion): Promise<string> {
    const body = encodeCompletion(parseExternalAuthId(externalAuthId), completion);
    const answer = await callApi(api, { method: "POST", path: "/authkit/oauth2/complete", body });
    return decodeCompletion(answer, { sentOptions: body.user_consent_options !== undefined, trustedOrigins });
  }

  async function handle(
    request: RequestView,
    authenticate: Authenticate,
    options: LoginOptions,
  ): Promise<LoginOutcome> {
    checkLoginOptions(options);
    let context: LoginContext;
    try {
      context = readContext(request);
    } catch (error) {
      return fail(error, undefined, options.onError);
    }
    // Outside of both catches: what the application throws is not ours to answer, whatever it is.
    const answer = await authenticate(context);
    try {
      return await proceed(context, answer, options);
    } catch (error) {
      return fail(error, options.fallbackUrl, options.onError);
    }
  }

  async function proceed(
    context: LoginContext,
    answer: Authentication,
    options: LoginOptions,
  ): Promise<LoginOutcome> {
    if (answer === null || answer === undefined) {
      return redirect("sign-in", toSignIn(options.signInUrl, context.returnTo), "signInUrl");
    }
    if (typeof answer === "object" && "redirectTo" in answer)
      return redirect("detour", answer.redirectTo, "redirectTo");
    return { type: "redirect", to: "authkit", location: await complete(context.externalAuthId, answer) };
  }

  return { handle, complete };
}

/** Throws `invalid_config`, naming the option. */
export function checkLoginOptions(options: LoginOptions): void {
  if (typeof options.signInUrl !== "function" && parseLocation(options.signInUrl) === undefined) {
    throw invalidConfig("signInUrl: must be a path, an https URL, or a function");
  }
  if (options.fallbackUrl !== undefined && parseLocation(options.fallbackUrl) === undefined) {
    throw invalidConfig("fallbackUrl: must be a path or an https URL");
  }
  parseFunction(options.onError, "onError", undefined);
}

async function fail(
  error: unknown,
  fallbackUrl: string | undefined,
  onError: LoginOptions["onError"],
): Promise<LoginOutcome> {
  if (!isConnectError(error)) throw error;
  await onError?.(error);
  const location = parseLocation(fallbackUrl);
  return location === undefined
    ? { type: "failure", error }
    : { type: "redirect", to: "fallback", location, error };
}

function redirect(to: "sign-in" | "detour", target: unknown, option: string): LoginOutcome {
  const location = parseLocation(target);
  if (location === undefined) throw invalidConfig(`${option}: must be a path or an https URL`);
  return { type: "redirect", to, location };
}

function readContext(request: RequestView): LoginContext {
  requireNavigation(request);
  const externalAuthId = readExternalAuthId(request);
  return { externalAuthId, returnTo: toReturnPath(request, externalAuthId) };
}

/**
 * Only a person's own navigation may complete a login. Browsers say when a load is speculative (`Sec-Purpose`, and
 * `Purpose` or `X-Moz` in older ones; Next.js has a header of its own) or lands in a frame, image or script
 * (`Sec-Fetch-Dest`); link previews ask with HEAD, or come without the user's cookies.
 */
function requireNavigation({ method, headers }: RequestView): void {
  if (method !== "GET") throw new ConnectError("method_not_allowed", { reason: "method" });
  const purpose = [headers.get("sec-purpose"), headers.get("purpose"), headers.get("x-moz")]
    .join(" ")
    .toLowerCase();
  if (/prefetch|prerender|preview/.test(purpose) || headers.get("next-router-prefetch") !== null) {
    throw new ConnectError("method_not_allowed", { reason: "prefetch" });
  }
  const destination = headers.get("sec-fetch-dest");
  if (destination !== null && destination !== "document") {
    throw new ConnectError("method_not_allowed", { reason: "embedded" });
  }
}

/** The way back to this login: always a path, so that no Host header or odd request line makes it another site. */
function toReturnPath(request: RequestView, externalAuthId: string): string {
  const base = "https://path.invalid";
  // A request line need not be a URL ("//:x"); the way back then leads to the front page.
  const pathname = URL.canParse(request.url, base) ? new URL(request.url, base).pathname : "/";
  return `/${pathname.replace(/^\/+/, "")}?${new URLSearchParams({ [EXTERNAL_AUTH_ID]: externalAuthId })}`;
}

function toSignIn(signInUrl: LoginOptions["signInUrl"], returnTo: string): string {
  return typeof signInUrl === "function" ? signInUrl(returnTo) : withReturnTo(signInUrl, returnTo);
}

function withReturnTo(signInUrl: string, returnTo: string): string {
  const [beforeFragment = "", fragment] = signInUrl.split("#", 2);
  const separator = beforeFragment.includes("?") ? "&" : "?";
  const query = new URLSearchParams({ return_to: returnTo });
  return `${beforeFragment}${separator}${query}${fragment === undefined ? "" : `#${fragment}`}`;
}
