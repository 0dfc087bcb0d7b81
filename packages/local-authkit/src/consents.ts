import type { Provider } from "oidc-provider";
import { ulid } from "ulid";

import type { Application } from "./applications.js";
import type { Collection, State } from "./state.js";

/** What a user allowed an application. Its id is the `sid` of access tokens (AuthKit: access token reference). */
export interface Consent {
  id: string;
  scopes: string[];
  /** The answers to the user consent options: claim and value. */
  claims: [claim: string, value: string][];
}

/** An application that a user authorized (AuthKit: user reference): one for each user and application. */
export interface AuthorizedApplication {
  id: string;
  accountId: string;
  /** As it was when the user was asked last: a document may have changed or gone since. */
  application: Application;
  consent: Consent;
  /** The resource indicator that was asked for last. */
  resource: string | undefined;
}

/** Consents, remembered by user and application, and the one that each grant was given under. */
export class Consents {
  readonly #authorized: Collection<AuthorizedApplication>;
  readonly #byGrant: Collection<{ grantId: string; consent: Consent; organizationId?: string }>;

  constructor(state: State) {
    this.#authorized = state.collection("authorized_applications");
    this.#byGrant = state.collection("consents");
  }

  /** The consent that covers all these scopes, if there is one. */
  covering(accountId: string, clientId: string, scopes: string[]): Consent | undefined {
    const consent = this.#authorized.get(keyOf(accountId, clientId))?.consent;
    return consent && scopes.every((scope) => consent.scopes.includes(scope)) ? consent : undefined;
  }

  /** A further consent to the same application keeps its id, adds scopes, and its answers replace the old ones. */
  remember(accountId: string, application: Application, given: Omit<Consent, "id">): Consent {
    const key = keyOf(accountId, application.clientId);
    const known = this.#authorized.get(key);
    const consent: Consent = {
      id: known?.consent.id ?? `app_consent_${ulid()}`,
      scopes: [...new Set([...(known?.consent.scopes ?? []), ...given.scopes])],
      claims: given.claims,
    };
    this.#authorized.set(key, {
      id: known?.id ?? `authorized_connect_app_${ulid()}`,
      accountId,
      application,
      consent,
      resource: known?.resource,
    });
    return consent;
  }

  /**
   * Ties a grant (`ttl` in seconds) to a consent as it is now, and to an organization: tokens keep their claims across
   * refresh.
   */
  attach(
    grant: {
      id: string;
      accountId: string;
      clientId: string;
      resource: string | undefined;
      organizationId: string | undefined;
    },
    consent: Consent,
    ttl: number,
  ): void {
    const { id: grantId, organizationId } = grant;
    this.#byGrant.set(
      grantId,
      { grantId, consent, ...(organizationId !== undefined && { organizationId }) },
      ttl,
    );
    const key = keyOf(grant.accountId, grant.clientId);
    const authorized = this.#authorized.get(key);
    if (!authorized) return;
    authorized.resource = grant.resource ?? authorized.resource;
    this.#authorized.update(key, authorized);
  }

  of(grantId: string | undefined): Consent | undefined {
    return grantId === undefined ? undefined : this.#byGrant.get(grantId)?.consent;
  }

  /** The organization that the user of a grant acts for. */
  organizationIdOf(grantId: string | undefined): string | undefined {
    return grantId === undefined ? undefined : this.#byGrant.get(grantId)?.organizationId;
  }

  /** What all users authorized, the first one first. */
  all(): AuthorizedApplication[] {
    return this.#authorized.values();
  }

  /** The applications this user authorized, the first one first. */
  authorizedBy(accountId: string): AuthorizedApplication[] {
    return this.all().filter((authorized) => authorized.accountId === accountId);
  }

  /** Forgets a consent, so that it is asked for again. Gives the grants that were given under it, for these to end. */
  forget({ accountId, application, consent }: AuthorizedApplication): string[] {
    this.#authorized.delete(keyOf(accountId, application.clientId));
    return this.#byGrant
      .deleteWhere((given) => given.consent.id === consent.id)
      .map(({ grantId }) => grantId);
  }
}

/** Forgets what a user allowed. Refresh tokens and codes are refused without their grant. */
export async function endAuthorization(
  provider: Provider,
  consents: Consents,
  authorized: AuthorizedApplication,
): Promise<void> {
  for (const grantId of consents.forget(authorized)) {
    await (await provider.Grant.find(grantId))?.destroy();
  }
}

function keyOf(accountId: string, clientId: string): string {
  return JSON.stringify([accountId, clientId]);
}
