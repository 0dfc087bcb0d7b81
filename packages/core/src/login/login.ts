import { type ApiConfig, parseApiAccess } from "../api-access.js";
import {
  invalidConfig,
  parseFunction,
  parseLocation,
  parseOnEvent,
  parseOrigin,
  parseOrigins,
  parsePort,
} from "../config.js";
import { ConnectError, isConnectError } from "../errors.js";
import type { LoginEvent, OnEvent } from "../events.js";
import type {
  HandoffCookie,
  LoginConfirmation,
  LoginFailure,
  LoginOutcome,
  LoginRedirect,
} from "../outcome.js";
import type { AtomicStore } from "../ports.js";
import { type Completion, decodeCompletion, encodeCompletion } from "./completion.js";
import {
  type Confirm,
  checkProof,
  createProof,
  type PostedConfirmation,
  readConfirmation,
} from "./confirm.js";
import { exchange } from "./exchange.js";
import { parseExternalAuthId } from "./external-auth-id.js";
import { fingerprint } from "./fingerprint.js";
import type { LoginRequest } from "./form.js";
import { createMemo } from "./memo.js";
import { requireNavigation } from "./navigation.js";
import { createReporter, type LoginReport } from "./report.js";
import { parseSecrets, type ResumeOptions } from "./resume.js";
import { createSeal } from "./seal.js";
import { findVisit, type Visit } from "./visit.js";

/** What {@link createLogin} needs to know. */
export interface LoginConfig extends ApiConfig {
  /** The AuthKit domain: `https://example.authkit.app`, or a custom domain. Only there does a completed login go on. */
  readonly authkitUrl: string;
  /** Further origins that a `redirect_uri` may lie on, such as a second AuthKit domain. Default none. */
  readonly allowedRedirectOrigins?: readonly string[] | undefined;
  /**
   * Where several processes agree on what was done with an id, such as one Redis for all of them: for a minute or so it
   * holds sealed values under names that tell no id. Default: this process's memory. Where the store fails, memory takes
   * its place, and logins go on.
   */
  readonly store?: AtomicStore | undefined;
  /**
   * Told of all that happens to logins, for logs, metrics and traces: see {@link LoginEvent}. `onError` is told of a route's
   * failures alone, is waited for, and may throw. Default: nobody is told.
   */
  readonly onEvent?: OnEvent<LoginEvent> | undefined;
}

/** The application's part: who is it? See {@link Authenticate}. */
export type Authentication = Completion | { readonly redirectTo: string } | null | undefined;

/** The run of the handoff that `authenticate` is asked about. */
export interface LoginContext {
  /** AuthKit's id of this login. Whoever completes it decides whose identity the client gets: keep it out of logs. */
  readonly externalAuthId: string;
  /**
   * The path that comes back to this login, for a detour's way back. Always a path on this site; with `resume`, one
   * that doesn't hold the id, and that may lose its query on the way.
   */
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
   * Asks the user on a page whether to go on as themselves before the login is completed, also where they are signed in
   * already. It stops a login that somebody else began and lured them into. The Login URI then takes POST as well as GET.
   * Default: a user who is signed in goes straight on, as in AuthKit's guide.
   */
  readonly confirm?: Confirm | undefined;
  /**
   * Where "use another account" leads: a page that signs out and comes back, as `signInUrl` is given. Default: the
   * sign-in page, which then must let somebody who is signed in sign in anew.
   */
  readonly signOutUrl?: LoginOptions["signInUrl"] | undefined;
  /**
   * Parks the login in a sealed cookie of this browser while the user is on the sign-in page or a detour, so that the way
   * back needs no id: for sign-in paths that lose a query (SSO, links in e-mails, several steps). Default: the way back
   * holds the id.
   */
  readonly resume?: ResumeOptions | undefined;
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
   * Only a plain GET navigation is served, and with `confirm` the POST of its page; HEAD, prefetches and embedded loads
   * get `method_not_allowed` and spend nothing. Throws `invalid_config` where `options` are at fault.
   */
  handle(request: LoginRequest, authenticate: Authenticate, options: LoginOptions): Promise<LoginOutcome>;
  /**
   * Tells AuthKit who signed in, and gives the address the browser must go to next (303). For applications with a
   * page of their own in between; `handle` calls it by itself. Throws a `ConnectError` with any of the completion's
   * codes.
   *
   * The same id is completed once, however often this is called: the same user gets the same address for ten seconds,
   * another user `external_auth_session_already_completed`. AuthKit is asked again, at most twice, where it surely did not act or
   * says to come later. `completion_outcome_unknown` means that its answer was lost: the same call may still complete
   * the login, but where AuthKit had acted, only the application that the user came from can begin a new one.
   *
   * @param options.signal ends the waiting, with the signal's reason; what AuthKit was asked goes on to its end
   */
  complete(
    externalAuthId: string,
    completion: Completion,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<string>;
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
  const memo = createMemo({
    store: parsePort(config.store, "store", ["get", "set", "setIfAbsent", "delete"]),
    seal: createSeal([api.apiKey], "memo"),
    timeout: api.timeout,
  });
  const proofs = createSeal([api.apiKey], "confirmation");
  const startReport = createReporter(parseOnEvent(config.onEvent), api.apiKey);

  const complete: Login["complete"] = async (externalAuthId, completion, { signal } = {}) => {
    signal?.throwIfAborted();
    const location = completeAndTell(externalAuthId, completion);
    return signal === undefined ? location : untilAborted(location, signal);
  };

  async function completeAndTell(externalAuthId: string, completion: Completion): Promise<string> {
    const report = startReport?.();
    try {
      const id = parseExternalAuthId(externalAuthId);
      await report?.identify(id);
      const location = await completeOnce(id, completion, report);
      report?.completed();
      return location;
    } catch (error) {
      if (isConnectError(error)) report?.failed(error);
      throw error;
    }
  }

  async function completeOnce(
    id: string,
    completion: Completion,
    report: LoginReport | undefined,
  ): Promise<string> {
    const body = encodeCompletion(id, completion);
    return memo.once(id, body.user.id, async () => {
      const path = "/authkit/oauth2/complete";
      // Of the body, so that whoever sends it again, here or in another process, sends the same key.
      const idempotencyKey = await fingerprint(JSON.stringify(body));
      const answer = await exchange(api, { method: "POST", path, body, idempotencyKey }, report?.attempted);
      return decodeCompletion(answer, {
        sentOptions: body.user_consent_options !== undefined,
        trustedOrigins,
      });
    });
  }

  async function handle(
    request: LoginRequest,
    authenticate: Authenticate,
    options: LoginOptions,
  ): Promise<LoginOutcome> {
    checkLoginOptions(options);
    const report = startReport?.();
    const outcome = await answerVisit(request, authenticate, options, report);
    report?.ended(outcome);
    return outcome;
  }

  async function answerVisit(
    request: LoginRequest,
    authenticate: Authenticate,
    options: LoginOptions,
    report: LoginReport | undefined,
  ): Promise<LoginOutcome> {
    let visit: Visit;
    let posted: PostedConfirmation | undefined;
    try {
      posted = await readRequest(request, options);
      visit = await findVisit(request, options.resume);
    } catch (error) {
      const outcome = await fail(error, undefined, options.onError);
      const allow = options.confirm === undefined ? "GET" : "GET, POST";
      return outcome.type === "failure" && outcome.error.code === "method_not_allowed"
        ? { ...outcome, allow }
        : outcome;
    }
    await report?.identify(visit.externalAuthId);
    report?.started();
    if (posted !== undefined && posted.answer !== "continue") return turnBack(visit, posted.answer, options);
    // Outside of the catches: what the application throws is not ours to answer, whatever it is.
    const answer = await authenticate({ externalAuthId: visit.externalAuthId, returnTo: visit.returnTo });
    try {
      return await proceed(visit, answer, posted, options, report);
    } catch (error) {
      return fail(error, options.fallbackUrl, options.onError, visit.leave);
    }
  }

  /** The user said that it is somebody else's turn, or that they did not begin this. */
  async function turnBack(
    visit: Visit,
    answer: "switch" | "deny",
    options: LoginOptions,
  ): Promise<LoginOutcome> {
    try {
      if (answer === "deny") throw new ConnectError("access_denied");
      const { signInUrl, signOutUrl = signInUrl } = options;
      return redirect("sign-out", withReturnTo(signOutUrl, visit.returnTo), "signOutUrl", await visit.park());
    } catch (error) {
      return fail(error, options.fallbackUrl, options.onError, visit.leave);
    }
  }

  async function proceed(
    visit: Visit,
    answer: Authentication,
    posted: PostedConfirmation | undefined,
    { signInUrl, confirm }: LoginOptions,
    report: LoginReport | undefined,
  ): Promise<LoginOutcome> {
    if (answer === null || answer === undefined) {
      return redirect("sign-in", withReturnTo(signInUrl, visit.returnTo), "signInUrl", await visit.park());
    }
    if (typeof answer === "object" && "redirectTo" in answer)
      return redirect("detour", answer.redirectTo, "redirectTo", await visit.park());
    const location =
      posted === undefined ? undefined : await completeConfirmed(visit, answer, posted.proof, report);
    if (location === undefined && confirm !== undefined) {
      // With GET, so that the answer to this request is not asked for again with the form in it.
      if (posted !== undefined) return redirect("login-uri", visit.returnTo, "returnTo", await visit.park());
      const confirmation = await ask(visit, answer, confirm);
      if (confirmation !== undefined) return confirmation;
    }
    return {
      type: "redirect",
      to: "authkit",
      location: location ?? (await completeOnce(visit.externalAuthId, answer, report)),
      ...withCookies(visit.leave),
    };
  }

  /** Completes the login of a user who was asked; `undefined` where this user must be asked again. */
  async function completeConfirmed(
    { externalAuthId }: Visit,
    completion: Completion,
    proof: string,
    report: LoginReport | undefined,
  ): Promise<string | undefined> {
    const userId = encodeCompletion(externalAuthId, completion).user.id;
    const { isGood, isFirst } = await checkProof(proofs, memo, proof, { externalAuthId, userId });
    if (!isGood) return undefined;
    // The second of two clicks goes where the first one does.
    return isFirst ? completeOnce(externalAuthId, completion, report) : memo.join(externalAuthId, userId);
  }

  /** The page that asks; `undefined` where this user is not asked. */
  async function ask(
    visit: Visit,
    completion: Completion,
    confirm: Confirm,
  ): Promise<LoginConfirmation | undefined> {
    // What AuthKit would not take is found out before anybody is asked.
    const { user } = encodeCompletion(visit.externalAuthId, completion);
    const form = {
      action: visit.returnTo,
      proof: await createProof(proofs, visit.externalAuthId, user.id),
    };
    const page = confirm === true ? true : await confirm(completion.user, form);
    if (page === false) return undefined;
    const parts = [user.first_name, user.last_name].filter((part) => part !== undefined);
    return {
      type: "confirmation",
      user: { name: user.name ?? (parts.join(" ") || undefined), email: user.email },
      form,
      html: page === true ? undefined : page,
      ...withCookies(await visit.park()),
    };
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
  if (typeof options.signOutUrl === "string" && parseLocation(options.signOutUrl) === undefined) {
    throw invalidConfig("signOutUrl: must be a path, an https URL, or a function");
  }
  if (options.confirm !== true) parseFunction(options.confirm, "confirm", undefined);
  if (options.resume !== undefined) parseSecrets(options.resume);
  parseFunction(options.onError, "onError", undefined);
}

/** The answer from the confirmation page, where this is one. Throws `method_not_allowed` for what nobody may send here. */
async function readRequest(
  request: LoginRequest,
  { confirm }: LoginOptions,
): Promise<PostedConfirmation | undefined> {
  const isPost = request.method === "POST" && confirm !== undefined;
  requireNavigation(request, isPost ? "POST" : "GET");
  return isPost ? readConfirmation(request) : undefined;
}

async function fail(
  error: unknown,
  fallbackUrl: string | undefined,
  onError: LoginOptions["onError"],
  leave: readonly HandoffCookie[] = [],
): Promise<LoginFailure | LoginRedirect> {
  if (!isConnectError(error)) throw error;
  await onError?.(error);
  const isUnknown = error.code === "completion_outcome_unknown";
  // A login that can be tried again stays parked.
  const cookies = withCookies(error.retryable || isUnknown ? [] : leave);
  const location = parseLocation(fallbackUrl);
  // Where nobody knows what became of the login, the user must be told what to do, and a home page does not say it.
  return location === undefined || isUnknown
    ? { type: "failure", error, ...cookies }
    : { type: "redirect", to: "fallback", location, error, ...cookies };
}

function redirect(
  to: Exclude<LoginRedirect["to"], "fallback">,
  target: unknown,
  option: string,
  cookies: readonly HandoffCookie[],
): LoginRedirect {
  const location = parseLocation(target);
  if (location === undefined) throw invalidConfig(`${option}: must be a path or an https URL`);
  return { type: "redirect", to, location, ...withCookies(cookies) };
}

function withCookies(cookies: readonly HandoffCookie[]): { readonly cookies?: readonly HandoffCookie[] } {
  return cookies.length === 0 ? {} : { cookies };
}

/**
 * A page's address with the way back in it, as `signInUrl` has it: for a detour that `authenticate` answers with, as in
 * `{ redirectTo: withReturnTo("/verify-email", context.returnTo) }`.
 * @param page a path or URL, which gets the way back as `return_to`, or a function from the way back to the address
 */
export function withReturnTo(page: LoginOptions["signInUrl"], returnTo: string): string {
  if (typeof page === "function") return page(returnTo);
  const [beforeFragment = "", fragment] = page.split("#", 2);
  const separator = beforeFragment.includes("?") ? "&" : "?";
  const query = new URLSearchParams({ return_to: returnTo });
  return `${beforeFragment}${separator}${query}${fragment === undefined ? "" : `#${fragment}`}`;
}

/** Waits for the result, or until the signal says that nobody does any more. */
function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
