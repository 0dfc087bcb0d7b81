/** A map of at most `max` entries: for a further one, the entry that was used longest ago goes. */
export class RecentMap<V> {
  readonly #max: number;
  // A Map keeps the order of insertion: what is used is inserted anew, and the first is the oldest.
  readonly #entries = new Map<string, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
