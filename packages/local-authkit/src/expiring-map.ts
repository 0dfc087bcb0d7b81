/** The current time in milliseconds since the epoch. */
export type Clock = () => number;

const SWEEP_INTERVAL_MS = 30_000;

/**
 * A map whose entries go away by themselves. Memory is bounded by expiry, not by a count, so that a long run
 * never loses an entry early. Expired entries are swept while writing: no timer keeps the process alive.
 */
export class ExpiringMap<V> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { value: V; expiresAt: number }>();
  #nextSweep = 0;

  constructor(clock: Clock = Date.now) {
    this.#clock = clock;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.expiresAt > this.#clock() ? entry.value : undefined;
  }

  /** Without `ttl` (seconds) the entry stays until it is deleted. */
  set(key: string, value: V, ttl = Number.POSITIVE_INFINITY): void {
    const now = this.#clock();
    if (now >= this.#nextSweep) {
      this.#nextSweep = now + SWEEP_INTERVAL_MS;
      for (const [other, { expiresAt }] of this.#entries) {
        if (expiresAt <= now) this.#entries.delete(other);
      }
    }
    this.#entries.set(key, { value, expiresAt: now + ttl * 1000 });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Gives what it deletes. */
  deleteWhere(matches: (value: V) => boolean): V[] {
    const deleted: V[] = [];
    for (const [key, { value }] of this.#entries) {
      if (matches(value)) {
        this.#entries.delete(key);
        deleted.push(value);
      }
    }
    return deleted;
  }
}
