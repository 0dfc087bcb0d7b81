import { ulid } from "ulid";

import type { ClientMetadataDocuments } from "./client-metadata-documents.js";
import type { ResolvedClient } from "./config.js";
import { DocumentError } from "./document-fetch.js";
import { RecentMap } from "./recent-map.js";

/** A Connect application of the environment, however it came to be known. */
export interface Application extends ResolvedClient {
  /** AuthKit's own id for it, `conn_app_...`. */
  id: string;
  /** Nobody configured it: it registered itself or has a metadata document. */
  isDynamic: boolean;
  createdAt: Date;
}

// Some clients register anew each time they connect. To refuse them from a certain day on would stop them all until
// somebody starts this AuthKit again; so what was used longest ago goes.
const MAX_REGISTERED = 1000;

/**
 * The applications of the environment: those of the configuration, those that registered themselves, and, where there
 * are `documents`, all that have one.
 */
export class Applications {
  readonly #configured: ReadonlyMap<string, Application>;
  readonly #documents: ClientMetadataDocuments | undefined;
  readonly #registered = new RecentMap<Application>(MAX_REGISTERED);

  constructor(clients: readonly ResolvedClient[], documents?: ClientMetadataDocuments) {
    this.#documents = documents;
    this.#configured = new Map(
      clients.map((client) => [client.clientId, { ...client, ...newApplication(), isDynamic: false }]),
    );
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
    return (
      this.#configured.get(clientId) ?? this.#registered.get(clientId) ?? this.#documents?.find(clientId)
    );
  }

  /** Adds an application that registers itself. */
  register(
    client: Pick<ResolvedClient, "clientId" | "clientSecret" | "name" | "redirectUris" | "grantTypes">,
  ): Application {
    const application = toDynamicApplication(client);
    this.#registered.set(client.clientId, application);
    return application;
  }
}

/** What an application is when nobody looked at it: a third party, without permissions of its own. */
export function toDynamicApplication(client: Omit<ResolvedClient, "firstParty" | "scopes">): Application {
  return { ...client, ...newApplication(), firstParty: false, scopes: [], isDynamic: true };
}

function newApplication(): Pick<Application, "id" | "createdAt"> {
  return { id: `conn_app_${ulid()}`, createdAt: new Date() };
}
