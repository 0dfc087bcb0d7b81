import type { Clock } from "./clock.js";

/** An entry as it is kept. */
export interface Entry<V = unknown> {
  value: V;
  /** Milliseconds since the epoch. Missing where it stays until it is deleted. */
  expiresAt?: number;
  /** Entries are in the order in which they were first set: the lower one was first. */
  order: number;
}

/** What became of an entry. Without `entry` it is gone. */
export interface Change {
  collection: string;
  key: string;
  entry?: Entry;
}

/** Where state outlives the process. One AuthKit at a time has it. Values are JSON. */
export interface Journal {
  /** All that is kept, in any order. */
  load(): AsyncIterable<Required<Change>>;
  /** Resolves once all changes would survive the end of the process. All of them count, or none. */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 30_000;

/**
 * All that an AuthKit remembers, by collection. It is read from memory; with a journal, each change also goes there, in
 * order. What an answer promises must be kept before the answer leaves: {@link settled} says when.
 */
export class State {
  readonly #clock: Clock;
  readonly #journal: Journal | undefined;
  readonly #collections = new Map<string, Collection<unknown>>();
  // The last change of an entry is the one that counts.
  #pending = new Map<string, Change>();
  #writing: Promise<void> | undefined;
  #order = 0;

  private constructor(clock: Clock, journal: Journal | undefined) {
    this.#clock = clock;
    this.#journal = journal;
  }

  static async open(clock: Clock, journal?: Journal): Promise<State> {
    const state = new State(clock, journal);
    const kept: Required<Change>[] = [];
    if (journal) for await (const change of journal.load()) kept.push(change);
    kept.sort((one, other) => one.entry.order - other.entry.order);
    for (const { collection, key, entry } of kept) {
      state.collection(collection).restore(key, entry);
      state.#order = entry.order;
    }
    return state;
  }

  /** The collection of this name. Who asks knows what kind of values it holds. */
  collection<V>(name: string): Collection<V> {
    let collection = this.#collections.get(name);
    if (!collection) {
      collection = new Collection(
        this.#clock,
        () => ++this.#order,
        (key, entry) => this.#record(name, key, entry),
      );
      this.#collections.set(name, collection);
    }
    return collection as Collection<V>;
  }

  /** Resolves once all changes so far are kept. Rejects if they could not be; they are tried again next time. */
  async settled(): Promise<void> {
    // A write under way may have begun before the last change.
    await this.#writing?.catch(() => {});
    while (this.#pending.size > 0) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  /** Keeps what is left, and lets the journal go. */
  async close(): Promise<void> {
    try {
      await this.settled();
    } finally {
      await this.#journal?.close();
    }
  }

  #record(collection: string, key: string, entry: Entry | undefined): void {
    if (!this.#journal) return;
    this.#pending.set(JSON.stringify([collection, key]), { collection, key, ...(entry && { entry }) });
  }

  async #write(): Promise<void> {
    const changes = this.#pending;
    this.#pending = new Map();
    try {
      await this.#journal?.write([...changes.values()]);
    } catch (error) {
      // What happened meanwhile is newer.
      this.#pending = new Map([...changes, ...this.#pending]);
      throw error;
    }
  }
}

/**
 * Entries of one kind, which go away by themselves. Memory is bounded by expiry, not by a count, so that a long run
 * never loses an entry early. Expired entries are swept while writing: no timer keeps the process alive.
 */
export class Collection<V> {
  readonly #clock: Clock;
  readonly #nextOrder: () => number;
  readonly #record: (key: string, entry: Entry | undefined) => void;
  readonly #entries = new Map<string, Entry<V>>();
  #nextSweep = 0;

  constructor(
    clock: Clock,
    nextOrder: () => number,
    record: (key: string, entry: Entry | undefined) => void,
  ) {
    this.#clock = clock;
    this.#nextOrder = nextOrder;
    this.#record = record;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry && !hasExpired(entry, this.#clock()) ? entry.value : undefined;
  }

  /** In the order in which they were first set. */
  values(): V[] {
    const now = this.#clock();
    return [...this.#entries.values()].filter((entry) => !hasExpired(entry, now)).map(({ value }) => value);
  }

  /** Without `ttl` (seconds) the entry stays until it is deleted. */
  set(key: string, value: V, ttl?: number): void {
    const now = this.#clock();
    if (now >= this.#nextSweep) {
      this.#nextSweep = now + SWEEP_INTERVAL_MS;
      for (const [other, entry] of this.#entries) {
        if (hasExpired(entry, now)) this.delete(other);
      }
    }
    const order = this.#entries.get(key)?.order ?? this.#nextOrder();
    this.#keep(key, { value, order, ...(ttl !== undefined && { expiresAt: now + ttl * 1000 }) });
  }

  /** Says that the value of an entry changed. Its life stays. */
  update(key: string, value: V): void {
    const entry = this.#entries.get(key);
    if (entry) this.#keep(key, { ...entry, value });
  }

  delete(key: string): void {
    if (this.#entries.delete(key)) this.#record(key, undefined);
  }

  /** Gives what it deletes. */
  deleteWhere(matches: (value: V) => boolean): V[] {
    const deleted: V[] = [];
    for (const [key, { value }] of this.#entries) {
      if (matches(value)) {
        this.delete(key);
        deleted.push(value);
      }
    }
    return deleted;
  }

  /** Puts back what the journal kept, from when the value was one of this collection's. */
  restore(key: string, entry: Entry): void {
    this.#entries.set(key, entry as Entry<V>);
  }

  #keep(key: string, entry: Entry<V>): void {
    this.#entries.set(key, entry);
    this.#record(key, entry);
  }
}

function hasExpired({ expiresAt }: Entry, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}
