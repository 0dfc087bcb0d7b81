import { ulid } from "ulid";

import type { ClientMetadataDocuments } from "./client-metadata-documents.js";
import { ClientSecrets } from "./client-secrets.js";
import type { Clock } from "./clock.js";
import type { GrantType, ResolvedClient } from "./config.js";
import { DocumentError } from "./document-fetch.js";
import { STANDARD_SCOPES } from "./scopes.js";
import type { Collection, State } from "./state.js";

/** A Connect application of the environment, however it came to be known. */
export interface Application {
  /** AuthKit's own id for it, `conn_app_...`. */
  id: string;
  clientId: string;
  name: string;
  description?: string;
  /** It has no secrets, and must use PKCE. */
  isPublic: boolean;
  firstParty: boolean;
  redirectUris: string[];
  /** One of them. Missing: the first. */
  defaultRedirectUri?: string;
  /** All that it may ask for: standard scopes and permission slugs. */
  scopes: string[];
  grantTypes: GrantType[];
  organizationId?: string;
  /** How it came to be known. */
  origin: "configuration" | "api" | "registration" | "document";
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  updatedAt: string;
}

/** What the management API says of an application. */
export type Described = Omit<Application, "id" | "clientId" | "origin" | "createdAt" | "updatedAt">;

// Some clients register anew each time they connect. To refuse them from a certain day on would stop them all until
// somebody starts this AuthKit again; so what was used longest ago goes.
const MAX_REGISTERED = 1000;

/**
 * The applications of the environment: those of the configuration, those that the API made, those that registered
 * themselves, and, where there are `documents`, all that have one.
 */
export class Applications {
  readonly #applications: Collection<Application>;
  readonly #clock: Clock;
  // The client ids of those that registered themselves, the one that was used longest ago first.
  readonly #registered: Set<string>;
  /** Of all confidential applications. */
  readonly secrets: ClientSecrets;
  /** Where applications may be known by a document: those documents. */
  documents: ClientMetadataDocuments | undefined;

  constructor(state: State, clock: Clock) {
    this.secrets = new ClientSecrets(state, clock);
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

  /** One of those, by its id or its client id. */
  findByAnyId(id: string): Application | undefined {
    return this.#applications.get(id) ?? this.all().find((application) => application.id === id);
  }

  /**
   * Takes the applications of a configuration, in place of those of the one before. What the API changed of them is
   * undone; further secrets stay.
   */
  configure(clients: readonly ResolvedClient[]): void {
    const clientIds = new Set(clients.map(({ clientId }) => clientId));
    for (const { origin, clientId } of this.all()) {
      if (origin === "configuration" && !clientIds.has(clientId)) this.#remove(clientId);
    }
    for (const { clientSecret, scopes, ...client } of clients) {
      const { id, createdAt, updatedAt } = this.#applications.get(client.clientId) ?? this.#newborn();
      this.#applications.set(client.clientId, {
        ...client,
        id,
        isPublic: clientSecret === undefined,
        scopes: isMachine(client) ? scopes : [...STANDARD_SCOPES, ...scopes],
        origin: "configuration",
        createdAt,
        updatedAt,
      });
      if (clientSecret === undefined) this.secrets.deleteOf(client.clientId);
      else this.secrets.configure(client.clientId, clientSecret);
    }
  }

  /** Adds an application for the management API. */
  create(described: Described): Application {
    const clientId = `client_${ulid()}`;
    const application: Application = { ...described, ...this.#newborn(), clientId, origin: "api" };
    this.#applications.set(clientId, application);
    return application;
  }

  /** Changes some of an application. */
  update(application: Application, changes: Partial<Described>): Application {
    const updatedAt = new Date(this.#clock()).toISOString();
    const updated: Application = { ...application, ...changes, updatedAt };
    this.#applications.set(application.clientId, updated);
    return updated;
  }

  /** Takes an application and its secrets away. One of the configuration comes back with the next configuration. */
  delete({ clientId }: Application): void {
    this.#registered.delete(clientId);
    this.#remove(clientId);
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

  /** Adds an application that registers itself: a third party, without permissions of its own. */
  register(
    client: Pick<Application, "clientId" | "isPublic" | "name" | "redirectUris" | "grantTypes">,
  ): Application {
    const application: Application = {
      ...client,
      ...this.#newborn(),
      firstParty: false,
      scopes: [...STANDARD_SCOPES],
      origin: "registration",
    };
    this.#applications.set(client.clientId, application);
    this.#use(client.clientId);
    for (const oldest of this.#registered) {
      if (this.#registered.size <= MAX_REGISTERED) break;
      this.#registered.delete(oldest);
      this.#remove(oldest);
    }
    return application;
  }

  #use(clientId: string): void {
    this.#registered.delete(clientId);
    this.#registered.add(clientId);
  }

  #remove(clientId: string): void {
    this.#applications.delete(clientId);
    this.secrets.deleteOf(clientId);
  }

  #newborn(): Pick<Application, "id" | "createdAt" | "updatedAt"> {
    const now = new Date(this.#clock()).toISOString();
    return { id: `conn_app_${ulid()}`, createdAt: now, updatedAt: now };
  }
}

/** Whether it is a machine-to-machine application: one that no user ever signs in to. */
export function isMachine({ grantTypes }: Pick<Application, "grantTypes">): boolean {
  return grantTypes.every((grant) => grant === "client_credentials");
}

/** Whether nobody configured it: what asks for consent and has no permissions. */
export function isDynamic({ origin }: Application): boolean {
  return origin === "registration" || origin === "document";
}
