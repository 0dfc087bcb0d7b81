import { ulid } from "ulid";

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
  createdAt: Date;
  /** When a completion last said who the user is. */
  updatedAt: Date;
}

export type UserRefusal = "email_change_not_allowed" | "email_not_available";

/** The users of the environment, found or made by `external_id`. */
export class Users {
  readonly #byExternalId = new Map<string, User>();
  readonly #byEmail = new Map<string, User>();
  readonly #byId = new Map<string, User>();
  readonly #lockedEmails = new Set<string>();

  find(id: string): User | undefined {
    return this.#byId.get(id);
  }

  findByExternalId(externalId: string): User | undefined {
    return this.#byExternalId.get(externalId);
  }

  /**
   * From now on a change of this user's e-mail is refused with `email_change_not_allowed`. When AuthKit refuses is
   * not documented; this is how a test brings it about.
   */
  lockEmail(externalId: string): void {
    this.#lockedEmails.add(externalId);
  }

  /** Makes or updates a user. What the profile leaves out stays as it was; metadata is merged by key (assumed). */
  upsert(profile: Profile): User | UserRefusal {
    const known = this.#byExternalId.get(profile.id);
    const email = profile.email.toLowerCase();
    const changesEmail = known !== undefined && known.email.toLowerCase() !== email;
    if (changesEmail && this.#lockedEmails.has(profile.id)) return "email_change_not_allowed";

    const owner = this.#byEmail.get(email);
    if (owner && owner !== known) return "email_not_available";

    const now = new Date();
    const user = known ?? {
      id: `user_${ulid()}`,
      externalId: profile.id,
      email: profile.email,
      metadata: {},
      createdAt: now,
      updatedAt: now,
    };
    const { id: _, metadata, ...named } = profile;
    this.#byEmail.delete(user.email.toLowerCase());
    Object.assign(user, named, { updatedAt: now });
    user.metadata = Object.fromEntries([...Object.entries(user.metadata), ...Object.entries(metadata ?? {})]);
    this.#byEmail.set(email, user);
    this.#byExternalId.set(user.externalId, user);
    this.#byId.set(user.id, user);
    return user;
  }
}

/** A name to show: the full name, or what can be made of first and last name. */
export function fullName(user: User): string | undefined {
  return user.name ?? ([user.firstName, user.lastName].filter(Boolean).join(" ") || undefined);
}

/** The OIDC claims of a user (AuthKit: ID token reference). Completed users count as verified (assumed). */
export function claimsOf(user: User): Record<string, string | boolean> {
  const name = fullName(user);
  return {
    ...(name !== undefined && { name }),
    ...(user.firstName !== undefined && { given_name: user.firstName }),
    ...(user.lastName !== undefined && { family_name: user.lastName }),
    email: user.email,
    email_verified: true,
  };
}
