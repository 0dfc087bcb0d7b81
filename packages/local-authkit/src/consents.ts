import { ulid } from "ulid";

import { ExpiringMap } from "./expiring-map.js";

/** What a user allowed an application. Its id is the `sid` of access tokens (AuthKit: access token reference). */
export interface Consent {
  id: string;
  scopes: string[];
  /** The answers to the user consent options: claim and value. */
  claims: [claim: string, value: string][];
}

/** Consents, remembered by user and application, and the one that each grant was given under. */
export class Consents {
  readonly #remembered = new Map<string, Consent>();
  readonly #byGrant = new ExpiringMap<Consent>();

  /** The consent that covers all these scopes, if there is one. */
  covering(accountId: string, clientId: string, scopes: string[]): Consent | undefined {
    const consent = this.#remembered.get(keyOf(accountId, clientId));
    return consent && scopes.every((scope) => consent.scopes.includes(scope)) ? consent : undefined;
  }

  /** A further consent to the same application keeps its id, adds scopes, and its answers replace the old ones. */
  remember(accountId: string, clientId: string, given: Omit<Consent, "id">): Consent {
    const key = keyOf(accountId, clientId);
    const known = this.#remembered.get(key);
    const consent: Consent = {
      id: known?.id ?? `app_consent_${ulid()}`,
      scopes: [...new Set([...(known?.scopes ?? []), ...given.scopes])],
      claims: given.claims,
    };
    this.#remembered.set(key, consent);
    return consent;
  }

  /** Ties a grant (`ttl` in seconds) to a consent as it is now: tokens keep their claims across refresh. */
  attach(grantId: string, consent: Consent, ttl: number): void {
    this.#byGrant.set(grantId, consent, ttl);
  }

  of(grantId: string | undefined): Consent | undefined {
    return grantId === undefined ? undefined : this.#byGrant.get(grantId);
  }
}

function keyOf(accountId: string, clientId: string): string {
  return JSON.stringify([accountId, clientId]);
}
