import { ulid } from "ulid";

import type { Clock } from "./clock.js";
import type { Collection, State } from "./state.js";

/** A registered resource indicator (RFC 8707). */
export interface Resource {
  id: string;
  /** What clients ask for and what `aud` is, byte for byte. */
  uri: string;
  /** Whether it is the audience of applications that nobody configured, where they ask for none. */
  isDefault: boolean;
  /** How it came to be known. */
  origin: "configuration" | "api";
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  updatedAt: string;
}

/** The resource indicators of the environment: those of the configuration, and those that the API made. */
export class Resources {
  readonly #resources: Collection<Resource>;
  readonly #clock: Clock;

  constructor(state: State, clock: Clock) {
    this.#resources = state.collection("resources");
    this.#clock = clock;
  }

  /** The first one first. */
  all(): Resource[] {
    return this.#resources.values();
  }

  get isEmpty(): boolean {
    return this.all().length === 0;
  }

  find(id: string): Resource | undefined {
    return this.all().find((resource) => resource.id === id);
  }

  has(uri: string): boolean {
    return this.#resources.get(uri) !== undefined;
  }

  get defaultUri(): string | undefined {
    return this.all().find(({ isDefault }) => isDefault)?.uri;
  }

  /** Takes the resources of a configuration, in place of those of the one before. */
  configure(uris: readonly string[], defaultUri: string | undefined): void {
    this.#resources.deleteWhere(({ origin, uri }) => origin === "configuration" && !uris.includes(uri));
    for (const uri of uris) {
      const known = this.#resources.get(uri) ?? this.#newborn(uri);
      this.#resources.set(uri, { ...known, origin: "configuration", isDefault: false });
    }
    if (defaultUri !== undefined) this.#setDefault(defaultUri);
  }

  /** Adds one, whose URI must be new. There is one default at most: a further one takes the place of that before. */
  add(uri: string, isDefault: boolean): Resource {
    const resource: Resource = { ...this.#newborn(uri), origin: "api" };
    this.#resources.set(uri, resource);
    if (isDefault) this.#setDefault(uri);
    return { ...resource, isDefault };
  }

  delete({ uri }: Resource): void {
    this.#resources.delete(uri);
  }

  #setDefault(uri: string): void {
    for (const resource of this.all()) {
      const isDefault = resource.uri === uri;
      if (resource.isDefault !== isDefault) this.#resources.set(resource.uri, { ...resource, isDefault });
    }
  }

  #newborn(uri: string): Omit<Resource, "origin"> {
    const now = new Date(this.#clock()).toISOString();
    return { id: `authkit_oauth_resource_${ulid()}`, uri, isDefault: false, createdAt: now, updatedAt: now };
  }
}
