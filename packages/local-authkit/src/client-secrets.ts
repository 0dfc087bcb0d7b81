import { ulid } from "ulid";

import type { Clock } from "./clock.js";
import { equalSecrets, hashSecret, randomSecret } from "./secrets.js";
import type { Collection, State } from "./state.js";

/** A secret of a confidential application. What it is, only who got it knows. */
export interface ClientSecret {
  id: string;
  clientId: string;
  hash: string;
  /** The last characters. */
  hint: string;
  /** Whether the configuration says it. */
  isConfigured: boolean;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  lastUsedAt?: string;
}

/** How many an application has at most (AuthKit: Connect). Of the configuration's, one may come on top. */
export const MAX_SECRETS = 5;

const HINT_LENGTH = 6;

/** The secrets of the applications. An application may have several, for changing them without a break. */
export class ClientSecrets {
  readonly #secrets: Collection<ClientSecret>;
  readonly #clock: Clock;
  // Of what is kept, by application: each token request asks.
  readonly #idsByClientId = new Map<string, Set<string>>();

  constructor(state: State, clock: Clock) {
    this.#secrets = state.collection("client_secrets");
    this.#clock = clock;
    for (const secret of this.#secrets.values()) this.#index(secret);
  }

  /** The first one first. */
  of(clientId: string): ClientSecret[] {
    const ids = this.#idsByClientId.get(clientId) ?? [];
    return [...ids].flatMap((id) => this.#secrets.get(id) ?? []);
  }

  find(id: string): ClientSecret | undefined {
    return this.#secrets.get(id);
  }

  /** Adds a random one. It can't be had again. */
  create(clientId: string): { value: string; secret: ClientSecret } {
    const value = randomSecret();
    return { value, secret: this.add(clientId, value) };
  }

  add(clientId: string, value: string): ClientSecret {
    return this.#keep({ ...this.#newborn(clientId, value), isConfigured: false });
  }

  /** The secret that the configuration says, in place of what it said before. */
  configure(clientId: string, value: string): void {
    const hash = hashSecret(value);
    const before = this.of(clientId);
    for (const secret of before) {
      if (secret.isConfigured && secret.hash !== hash) this.delete(secret);
    }
    const known = before.find((secret) => secret.hash === hash);
    this.#keep({ ...(known ?? this.#newborn(clientId, value)), isConfigured: true });
  }

  /** Whether this is one of the application's secrets. */
  authenticate(clientId: string, value: string): boolean {
    const hash = hashSecret(value);
    // All of them are compared, so that the time does not tell which one it is.
    const [used] = this.of(clientId).filter((secret) => equalSecrets(secret.hash, hash));
    if (used) this.#keep({ ...used, lastUsedAt: new Date(this.#clock()).toISOString() });
    return used !== undefined;
  }

  delete({ id, clientId }: ClientSecret): void {
    this.#secrets.delete(id);
    const ids = this.#idsByClientId.get(clientId);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsByClientId.delete(clientId);
  }

  deleteOf(clientId: string): void {
    for (const secret of this.of(clientId)) this.delete(secret);
  }

  #newborn(clientId: string, value: string): Omit<ClientSecret, "isConfigured"> {
    return {
      id: `secret_${ulid()}`,
      clientId,
      hash: hashSecret(value),
      hint: value.slice(-HINT_LENGTH),
      createdAt: new Date(this.#clock()).toISOString(),
    };
  }

  #keep(secret: ClientSecret): ClientSecret {
    this.#secrets.set(secret.id, secret);
    this.#index(secret);
    return secret;
  }

  #index({ id, clientId }: ClientSecret): void {
    const ids = this.#idsByClientId.get(clientId) ?? new Set();
    this.#idsByClientId.set(clientId, ids.add(id));
  }
}
