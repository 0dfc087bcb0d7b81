import { randomBytes } from "node:crypto";
import { ulid } from "ulid";

import type { Clock } from "./clock.js";
import { equalSecrets, hashSecret, randomSecret } from "./secrets.js";
import type { Collection, State } from "./state.js";
import type { UserConsentOption } from "./user-consent-option.js";

/** A login that was handed to the Login URI. */
export interface Handoff {
  /** The interaction of oidc-provider that waits for it. */
  interactionUid: string;
  firstParty: boolean;
  completed: boolean;
  cookieName: string;
  cookieHash: string;
  expiresAt: number;
}

/** The cookie of one handoff; `maxAge` in seconds. */
export interface HandoffCookie {
  name: string;
  value: string;
  maxAge: number;
}

/** Seen by no script, by no other site's request but a navigation, and by no page but the one that needs it. */
export function toSetCookie({ name, value, maxAge }: HandoffCookie, issuer: string): string {
  const secure = issuer.startsWith("https:") ? "; Secure" : "";
  return `${name}=${value}; Max-Age=${maxAge}; Path=/oauth2/authorize/complete; HttpOnly; SameSite=Lax${secure}`;
}

/** What the application said of the user: what a ticket stands for. */
export interface LoginResult {
  /** The user's `sub`. */
  accountId: string;
  userConsentOptions: UserConsentOption[];
}

interface Ticket {
  handoff: Handoff;
  result: LoginResult;
}

/**
 * Logins on their way through the Login URI.
 *
 * Whoever began an authorization knows its `external_auth_id` and holds its cookie, and may lure somebody else into
 * completing it. So the result of a login is kept under nothing that follows from the id: only under a fresh ticket
 * that leaves this process in `redirect_uri` alone. To go on takes both, the ticket (only who completed has it) and
 * the cookie (only the browser that began has it). Of both, only hashes are kept. With `naive` binding the ticket is the
 * id, good as often as somebody comes with it, and the cookie isn't looked at: the weakness that the above is against,
 * for trying what an application does.
 */
export class ExternalAuth {
  readonly #ttl: number;
  readonly #isNaive: boolean;
  readonly #clock: Clock;
  readonly #handoffs: Collection<Handoff>;
  readonly #tickets: Collection<Ticket>;

  /** `ttl`: seconds from the visit of the Login URI to the return with the ticket. */
  constructor(ttl: number, browserBinding: "strict" | "naive", state: State, clock: Clock) {
    this.#ttl = ttl;
    this.#isNaive = browserBinding === "naive";
    this.#clock = clock;
    this.#handoffs = state.collection("external_auth");
    this.#tickets = state.collection("external_auth_tickets");
  }

  /** Starts a handoff. The cookie belongs to this one alone, so that two tabs do not disturb each other. */
  begin({ interactionUid, firstParty }: Pick<Handoff, "interactionUid" | "firstParty">): {
    externalAuthId: string;
    cookie: HandoffCookie;
  } {
    const externalAuthId = `ext_auth_${ulid()}`;
    const cookieName = `authkit_external_auth_${randomBytes(8).toString("hex")}`;
    const secret = randomSecret();
    const handoff: Handoff = {
      interactionUid,
      firstParty,
      completed: false,
      cookieName,
      cookieHash: hashSecret(secret),
      expiresAt: this.#clock() + this.#ttl * 1000,
    };
    this.#handoffs.set(externalAuthId, handoff, this.#ttl);
    return { externalAuthId, cookie: { name: cookieName, value: secret, maxAge: this.#ttl } };
  }

  find(externalAuthId: string): Handoff | undefined {
    return this.#handoffs.get(externalAuthId);
  }

  /** Takes the result of a login and gives the ticket for it. Expects a handoff that is not completed yet. */
  complete(externalAuthId: string, handoff: Handoff, result: LoginResult): string {
    handoff.completed = true;
    this.#handoffs.update(externalAuthId, handoff);
    const ticket = this.#isNaive ? externalAuthId : randomSecret();
    const ttl = (handoff.expiresAt - this.#clock()) / 1000;
    this.#tickets.set(hashSecret(ticket), { handoff, result }, ttl);
    return ticket;
  }

  /**
   * Exchanges a ticket, once, in the browser that began. In any other the ticket is left as it is: it is of no use
   * there, and a stranger must not be able to spoil it.
   */
  redeem(
    ticket: string,
    readCookie: (name: string) => string | undefined,
  ): Ticket | "unknown_ticket" | "other_browser" {
    const key = hashSecret(ticket);
    const found = this.#tickets.get(key);
    if (!found) return "unknown_ticket";
    if (this.#isNaive) return found;
    const cookie = readCookie(found.handoff.cookieName);
    if (cookie === undefined || !equalSecrets(hashSecret(cookie), found.handoff.cookieHash)) {
      return "other_browser";
    }
    this.#tickets.delete(key);
    return found;
  }
}
