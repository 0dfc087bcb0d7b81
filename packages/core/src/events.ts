import type { ErrorCode } from "./errors.js";

/** All that Connect tells of itself, with none of what came in: no token, key, id, address or name. */
export type ConnectEvent = LoginEvent | TokenEvent | MetadataEvent | ConnectionsEvent;

/**
 * Where events go. It runs at once, in the request's own async context; a promise is not waited for, and what it throws
 * or rejects with goes nowhere: a listener breaks no request.
 */
export type OnEvent<Event> = (event: Event) => void | Promise<void>;

/**
 * What `createLogin` tells. `login` is sixteen hexadecimal digits that stand for AuthKit's id of the login: the same for
 * all events of one login and in all processes with the same API key, and not to be computed without it.
 */
export type LoginEvent =
  | LoginStarted
  | LoginRedirected
  | LoginAsked
  | LoginCompleted
  | LoginFailed
  | CompletionAttempted;

/** What `createVerifier` tells, the questions of its introspection included. */
export type TokenEvent =
  | TokenAccepted
  | TokenRefused
  | JwksRefreshed
  | JwksFailed
  | IntrospectionAnswered
  | IntrospectionFailed;

/** What `createProtectedResource` tells. */
export type MetadataEvent = MetadataRefreshed | MetadataFailed;

/** What `createConnections` tells. */
export type ConnectionsEvent = ConnectionsCalled;

/** How long something took, in milliseconds. */
interface Timed {
  readonly ms: number;
}

/** A visit to the Login URI names a login. */
interface LoginStarted {
  readonly type: "login.started";
  readonly login: string;
}

/** The visit sends the browser to a page of the application's. */
interface LoginRedirected extends Timed {
  readonly type: "login.redirected";
  readonly login: string;
  readonly to: "sign-in" | "sign-out" | "detour" | "login-uri";
}

/** The user is asked whether to go on (`confirm`). */
interface LoginAsked extends Timed {
  readonly type: "login.asked";
  readonly login: string;
}

/** The login is complete, by a visit or by `login.complete`. */
interface LoginCompleted extends Timed {
  readonly type: "login.completed";
  readonly login: string;
}

/** The visit or `login.complete` came to an error; without `login` where it named none. */
interface LoginFailed extends Timed {
  readonly type: "login.failed";
  readonly login: string | undefined;
  readonly code: ErrorCode;
  readonly reason: string | undefined;
}

/** AuthKit was asked to complete the login: it answered with a status, or the answer was lost. */
interface CompletionAttempted extends Attempt {
  readonly type: "completion.attempted";
  readonly login: string;
}

/** One call of the completion API. */
export interface Attempt extends Timed {
  /** 1 to 3. */
  readonly attempt: number;
  readonly status: number | undefined;
  readonly loss: "timeout" | "network" | undefined;
}

/** A request is let in; `cached` where its token was remembered. */
interface TokenAccepted {
  readonly type: "token.accepted";
  readonly cached: boolean;
}

/** A request is not let in. */
interface TokenRefused {
  readonly type: "token.refused";
  readonly code: ErrorCode;
  readonly reason: string | undefined;
}

/** The issuer's keys were fetched; `keys` says how many can be used. */
interface JwksRefreshed extends Timed {
  readonly type: "jwks.refreshed";
  readonly keys: number;
}

/** The issuer's keys could not be fetched: `timeout`, `network`, `status`, `json`, or `keys` where there was none to use. */
interface JwksFailed extends Timed {
  readonly type: "jwks.failed";
  readonly reason: string;
}

/** AuthKit said whether a token still counts. What is remembered is not told again. */
interface IntrospectionAnswered extends Timed {
  readonly type: "introspection.answered";
  readonly active: boolean;
}

/** AuthKit did not say whether a token counts: `timeout`, `network`, `status`, `json` or `active`. */
interface IntrospectionFailed extends Timed {
  readonly type: "introspection.failed";
  readonly reason: string;
}

/** AuthKit's metadata was fetched. */
interface MetadataRefreshed extends Timed {
  readonly type: "metadata.refreshed";
}

/** AuthKit's metadata could not be fetched: `timeout`, `network`, `status`, `json` or `issuer`. */
interface MetadataFailed extends Timed {
  readonly type: "metadata.failed";
  readonly reason: string;
}

/** The WorkOS API was called for `list` or `remove`: it answered with a status, or not at all. */
interface ConnectionsCalled extends Timed {
  readonly type: "connections.called";
  readonly operation: "list" | "remove";
  readonly status: number | undefined;
  readonly loss: "timeout" | "network" | undefined;
}
