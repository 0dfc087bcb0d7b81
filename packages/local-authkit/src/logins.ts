import { ulid } from "ulid";

import type { Changes } from "./changes.js";
import type { Clock } from "./clock.js";
import { hashSecret } from "./secrets.js";

/**
 * What happened in a login, in the order of the flow. Nothing in it can be used: no token, code, cookie or secret, and
 * of what a completion said no more than the user's id.
 */
export type LoginEvent =
  /** An authorization request, or the one of a device, as far as it could be read. */
  | { type: "requested"; scopes: string[]; resource?: string }
  /** The browser has an AuthKit session and goes on without the Login URI. */
  | { type: "session_used" }
  | { type: "sent_to_login_uri" }
  /** The application said who it is: `user` is its own id. `options` are the claims it wants the user to choose. */
  | { type: "completed"; user: string; options: string[] }
  /** The browser came back from the application. */
  | { type: "returned" }
  /** The user belongs to several organizations, and is asked for one. */
  | { type: "organizations_shown" }
  | { type: "organization_chosen"; organizationId: string }
  | { type: "consent_shown" }
  /** `chosen`: the answers to the user consent options, by claim. */
  | { type: "consent_allowed"; chosen: Record<string, string> }
  | { type: "consent_denied" }
  /** Nobody was asked: the application is first-party, or what it wants was allowed before. */
  | { type: "consent_skipped"; reason: "first_party" | "allowed_before" }
  | { type: "code_issued" }
  /** The user confirmed the device's code. */
  | { type: "device_confirmed" }
  /** The claims of those that are JWTs, by the name of the token. */
  | { type: "tokens_issued"; grant: string; tokens: string[]; claims: Record<string, object> }
  | {
      type: "error";
      during: LoginPhase;
      /** As OAuth or the completion API name it; `returned` has `unknown_ticket` and `other_browser`. */
      code: string;
      /** Of the completion API's answer. */
      status?: number;
      /** The members of a completion that are at fault, and how. */
      fields?: string[];
    };

/** Where in a login an error was. */
export type LoginPhase = "authorization" | "completion" | "return" | "consent" | "device" | "token";

/** An event, and when it was by the AuthKit's clock: ISO 8601. */
export type LoginStep = LoginEvent & { at: string };

/** A login, or what else ends in tokens. */
export interface Login {
  /** `login_` and a ULID. */
  id: string;
  /**
   * `login` begins with an authorization request, `device` with a device's; `m2m` are client credentials. `refresh`
   * belongs to a login that is not in the log (any more), and `request` is a refused request that names none.
   */
  kind: "login" | "device" | "m2m" | "refresh" | "request";
  /** When it began, by the AuthKit's clock: ISO 8601. */
  at: string;
  /** Without a name where nobody has this id. */
  client?: { id: string; name?: string };
  /** As soon as it is known. `id` is the application's own. */
  user?: { id: string; email: string };
  /** The first one first. */
  steps: LoginStep[];
  /** How many steps, after the first one, are not kept any more. */
  omitted: number;
}

/** By what a login is found again. Codes, tokens and the like are not kept, but their hashes. */
export type LoginKey =
  | "interaction"
  | "external_auth_id"
  | "ticket"
  | "code"
  | "device_code"
  | "refresh_token"
  | "grant";

/** A login in the log. */
export interface LoggedLogin extends Login {
  /** The revision of its last change. */
  revision: number;
  keys: string[];
}

/** How many logins are kept. */
export const MAX_LOGINS = 200;
// Grants are refreshed for months.
const MAX_STEPS = 100;
const MAX_KEYS = 100;
// What strangers send is not kept at any length.
const MAX_TEXT = 500;

/** The log of logins: the last 200, in memory. */
export class Logins {
  readonly #clock: Clock;
  readonly #changes: Changes;
  // The oldest first.
  readonly #logins: LoggedLogin[] = [];
  readonly #byKey = new Map<string, LoggedLogin>();

  constructor(clock: Clock, changes: Changes) {
    this.#clock = clock;
    this.#changes = changes;
  }

  begin(kind: Login["kind"], client: Login["client"]): LoggedLogin {
    const login: LoggedLogin = {
      id: `login_${ulid()}`,
      kind,
      at: this.#now(),
      ...(client && { client: { ...client, id: clip(client.id) } }),
      steps: [],
      omitted: 0,
      revision: this.#changes.announce(),
      keys: [],
    };
    this.#logins.push(login);
    if (this.#logins.length > MAX_LOGINS) {
      for (const key of this.#logins.shift()?.keys ?? []) this.#byKey.delete(key);
    }
    return login;
  }

  add(login: LoggedLogin, event: LoginEvent): void {
    login.steps.push({ ...event, at: this.#now() });
    if (login.steps.length > MAX_STEPS) {
      login.steps.splice(1, 1);
      login.omitted += 1;
    }
    login.revision = this.#changes.announce();
  }

  identify(login: LoggedLogin, user: Login["user"]): void {
    if (user) login.user = { id: user.id, email: user.email };
  }

  /** From now on {@link find} finds the login by this, too. */
  mark(login: LoggedLogin, name: LoginKey, value: string | undefined): void {
    if (value === undefined) return;
    const key = keyOf(name, value);
    if (this.#byKey.get(key) === login) return;
    this.#byKey.set(key, login);
    login.keys.push(key);
    if (login.keys.length > MAX_KEYS) {
      // The first few are the grant's and what led to it.
      for (const old of login.keys.splice(MAX_KEYS / 2, 1)) this.#byKey.delete(old);
    }
  }

  find(name: LoginKey, value: unknown): LoggedLogin | undefined {
    return typeof value === "string" ? this.#byKey.get(keyOf(name, value)) : undefined;
  }

  /** Those that changed after a revision, the newest first. */
  changedSince(revision: number): LoggedLogin[] {
    return this.#logins.filter((login) => login.revision > revision).reverse();
  }

  /** How many there are. */
  get size(): number {
    return this.#logins.length;
  }

  /** Copies of all, the newest first. */
  list(): Login[] {
    return this.changedSince(0).map(({ revision: _, keys: __, ...login }) => structuredClone(login));
  }

  #now(): string {
    return new Date(this.#clock()).toISOString();
  }
}

/** The beginning of a text that may be of any length. */
export function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function keyOf(name: LoginKey, value: string): string {
  return hashSecret(`${name}:${value}`);
}
