import { ulid } from "ulid";

import type { ClientMetadataDocuments } from "./client-metadata-documents.js";
import type { Clock } from "./clock.js";
import type { ResolvedClient } from "./config.js";
import { DocumentError } from "./document-fetch.js";
import type { Collection, State } from "./state.js";

/** A Connect application of the environment, however it came to be known. */
export interface Application extends ResolvedClient {
  /** AuthKit's own id for it, `conn_app_...`. */
  id: string;
  /** How it came to be known. */
  origin: "configuration" | "registration" | "document";
  /** ISO 8601. */
  createdAt: string;
}

// Some clients register anew each time they connect. To refuse them from a certain day on would stop them all until
// somebody starts this AuthKit again; so what was used longest ago goes.
const MAX_REGISTERED = 1000;

/**
 * The applications of the environment: those of the configuration, those that registered themselves, and, where there
 * are `documents`, all that have one.
 */
export class Applications {
  readonly #applications: Collection<Application>;
  readonly #clock: Clock;
  // The client ids of those that registered themselves, the one that was used longest ago first.
  readonly #registered: Set<string>;
  /** Where applications may be known by a document: those documents. */
  documents: ClientMetadataDocuments | undefined;

  constructor(state: State, clock: Clock) {
    this.#applications = state.collection("applications");
    this.#clock = clock;
    this.#registered = new Set(
      this.#applications
        .values()
        .filter(({ origin }) => origin === "registration")
        .map(({ clientId }) => clientId),
    );
  }

  /** All but those that have a document; the first one first. */
  all(): Application[] {
    return this.#applications.values();
  }

  /** Takes the applications of a configuration, in place of those of the one before. */
  configure(clients: readonly ResolvedClient[]): void {
    const clientIds = new Set(clients.map(({ clientId }) => clientId));
    this.#applications.deleteWhere(
      ({ origin, clientId }) => origin === "configuration" && !clientIds.has(clientId),
    );
    for (const client of clients) {
      const { id, createdAt } = this.#applications.get(client.clientId) ?? this.#newborn();
      this.#applications.set(client.clientId, { ...client, id, createdAt, origin: "configuration" });
    }
  }

  async find(clientId: string): Promise<Application | undefined> {
    try {
      return await this.resolve(clientId);
    } catch (error) {
      if (error instanceof DocumentError) return undefined;
      throw error;
    }
  }

  /** Like {@link find}, but throws the {@link DocumentError} where a document is what is wrong. */
  async resolve(clientId: string): Promise<Application | undefined> {
    if (this.#registered.has(clientId)) this.#use(clientId);
    return this.#applications.get(clientId) ?? this.documents?.find(clientId);
  }

  isRegistered(clientId: string): boolean {
    return this.#registered.has(clientId);
  }

  /** Adds an application that registers itself: a third party, without permissions of its own. */
  register(
    client: Pick<ResolvedClient, "clientId" | "clientSecret" | "name" | "redirectUris" | "grantTypes">,
  ): Application {
    const application: Application = {
      ...client,
      ...this.#newborn(),
      firstParty: false,
      scopes: [],
      origin: "registration",
    };
    this.#applications.set(client.clientId, application);
    this.#use(client.clientId);
    for (const oldest of this.#registered) {
      if (this.#registered.size <= MAX_REGISTERED) break;
      this.#registered.delete(oldest);
      this.#applications.delete(oldest);
    }
    return application;
  }

  #use(clientId: string): void {
    this.#registered.delete(clientId);
    this.#registered.add(clientId);
  }

  #newborn(): Pick<Application, "id" | "createdAt"> {
    return { id: `conn_app_${ulid()}`, createdAt: new Date(this.#clock()).toISOString() };
  }
}

/** Whether nobody configured it: what asks for consent and has no permissions. */
export function isDynamic({ origin }: Application): boolean {
  return origin === "registration" || origin === "document";
}
