import type { Config } from "./config.js";
import type { User } from "./users.js";

export type Organization = Config["organizations"][number];

/** The organizations of the environment, and in which of them a login goes on. */
export class Organizations {
  readonly #organizations: readonly Organization[];
  readonly #isPickerShown: boolean;

  constructor({ organizations, switches }: Pick<Config, "organizations" | "switches">) {
    this.#organizations = organizations;
    this.#isPickerShown = switches.organizationPicker === "shown";
  }

  find(id: string): Organization | undefined {
    return this.#organizations.find((organization) => organization.id === id);
  }

  of(user: User | undefined): Organization[] {
    return user ? this.#organizations.filter(({ members }) => members.includes(user.externalId)) : [];
  }

  /** Whether the user has still to pick one of several. */
  isOpen(user: User | undefined, picked: unknown): boolean {
    return this.#isPickerShown && this.of(user).length > 1 && this.selected(user, picked) === undefined;
  }

  /** The one that the user picked; the only one where there is nothing to pick. */
  selected(user: User | undefined, picked: unknown): Organization | undefined {
    const mine = this.of(user);
    return mine.length === 1 ? mine[0] : mine.find(({ id }) => id === picked);
  }
}
