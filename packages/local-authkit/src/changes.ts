import { ulid } from "ulid";

/** Tells who watches that something changed. What it was they look up themselves. */
export class Changes {
  /** Of this process: in another one, revisions begin anew. */
  readonly run: string = ulid();
  #revision = 0;
  readonly #watchers = new Set<() => void>();

  /** How many changes there were. */
  get revision(): number {
    return this.#revision;
  }

  /** Gives the revision that the change makes. */
  announce(): number {
    this.#revision += 1;
    for (const watcher of this.#watchers) watcher();
    return this.#revision;
  }

  /** Calls `watcher` at each change until the function that it gives is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
