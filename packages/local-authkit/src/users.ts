import { ulid } from "ulid";

import type { Clock } from "./clock.js";
import { ConfigError } from "./config.js";
import type { Collection, State } from "./state.js";
import type { Switches } from "./switches.js";

/** What the completion API says of a user (AuthKit: Standalone Connect, complete). `id` is the application's own. */
export interface Profile {
  id: string;
  email: string;
  firstName?: string;
  lastName?: string;
  name?: string;
  metadata?: Record<string, string>;
}

/** An AuthKit user. `externalId` is the application's id for it. */
export interface User {
  id: string;
  externalId: string;
  email: string;
  firstName?: string;
  lastName?: string;
  name?: string;
  metadata: Record<string, string>;
  /** A change of the e-mail address is refused. */
  emailLocked: boolean;
  /** ISO 8601. */
  createdAt: string;
  /** When a completion last said who the user is. ISO 8601. */
  updatedAt: string;
}

export type UserRefusal = "email_change_not_allowed" | "email_not_available";

/** The users of the environment, found or made by `external_id`. */
export class Users {
  readonly #users: Collection<User>;
  readonly #clock: Clock;
  // Of what is kept, by what it is looked for.
  readonly #idsByExternalId = new Map<string, string>();
  readonly #idsByEmail = new Map<string, string>();

  constructor(state: State, clock: Clock) {
    this.#users = state.collection("users");
    this.#clock = clock;
    for (const user of this.#users.values()) this.#index(user);
  }

  /** The first one first. */
  all(): User[] {
    return this.#users.values();
  }

  find(id: string): User | undefined {
    return this.#users.get(id);
  }

  findByExternalId(externalId: string): User | undefined {
    const id = this.#idsByExternalId.get(externalId);
    return id === undefined ? undefined : this.find(id);
  }

  /**
   * From now on a change of this user's e-mail is refused with `email_change_not_allowed`. When AuthKit refuses is
   * not documented; this is how a test brings it about.
   */
  lockEmail(externalId: string): void {
    const user = this.findByExternalId(externalId);
    if (user) this.#keep({ ...user, emailLocked: true });
  }

  /**
   * Makes or updates the users of a configuration, which is above locks. Throws {@link ConfigError} before anything has
   * changed.
   */
  seed(seeds: readonly (Profile & Pick<User, "emailLocked">)[]): void {
    const emails = new Map(this.all().map(({ externalId, email }) => [externalId, email.toLowerCase()]));
    for (const { id, email } of seeds) emails.set(id, email.toLowerCase());
    if (new Set(emails.values()).size < emails.size) {
      throw new ConfigError("users must not have an e-mail address that another user has");
    }
    for (const { emailLocked, ...profile } of seeds) {
      const user = this.#merge(this.findByExternalId(profile.id), profile);
      this.#users.set(user.id, { ...user, emailLocked });
    }
    // Two of them may have changed places.
    this.#idsByEmail.clear();
    for (const user of this.all()) this.#index(user);
  }

  /**
   * Makes or updates a user. What the profile leaves out stays as it was, and metadata is merged by key, unless
   * `omittedProfile` is `cleared`.
   */
  upsert(
    profile: Profile,
    { omittedProfile, emailChange }: Partial<Pick<Switches, "omittedProfile" | "emailChange">> = {},
  ): User | UserRefusal {
    const known = this.findByExternalId(profile.id);
    const email = profile.email.toLowerCase();
    const changesEmail = known !== undefined && known.email.toLowerCase() !== email;
    if (changesEmail && (known.emailLocked || emailChange === "refused")) return "email_change_not_allowed";

    const ownerId = this.#idsByEmail.get(email);
    if (ownerId !== undefined && ownerId !== known?.id) return "email_not_available";

    if (known) this.#idsByEmail.delete(known.email.toLowerCase());
    return this.#keep(this.#merge(known, profile, omittedProfile));
  }

  #merge(
    known: User | undefined,
    { id: externalId, metadata, ...named }: Profile,
    omittedProfile: Switches["omittedProfile"] = "kept",
  ): User {
    const now = new Date(this.#clock()).toISOString();
    const { id, emailLocked, createdAt } = known ?? {
      id: `user_${ulid()}`,
      emailLocked: false,
      createdAt: now,
    };
    const before = omittedProfile === "cleared" ? undefined : known;
    return {
      ...before,
      id,
      externalId,
      emailLocked,
      createdAt,
      ...named,
      // By entries, so that a key `__proto__` is one like any other.
      metadata: Object.fromEntries([
        ...Object.entries(before?.metadata ?? {}),
        ...Object.entries(metadata ?? {}),
      ]),
      updatedAt: now,
    };
  }

  #keep(user: User): User {
    this.#users.set(user.id, user);
    this.#index(user);
    return user;
  }

  #index({ id, externalId, email }: User): void {
    this.#idsByExternalId.set(externalId, id);
    this.#idsByEmail.set(email.toLowerCase(), id);
  }
}

/** A name to show: the full name, or what can be made of first and last name. */
export function fullName(user: User): string | undefined {
  return user.name ?? ([user.firstName, user.lastName].filter(Boolean).join(" ") || undefined);
}

/** The OIDC claims of a user (AuthKit: ID token reference). Completed users count as verified by default (assumed). */
export function claimsOf(
  user: User,
  { emailVerified }: Pick<Switches, "emailVerified">,
): Record<string, string | boolean> {
  const name = fullName(user);
  return {
    ...(name !== undefined && { name }),
    ...(user.firstName !== undefined && { given_name: user.firstName }),
    ...(user.lastName !== undefined && { family_name: user.lastName }),
    email: user.email,
    email_verified: emailVerified === "true",
  };
}
