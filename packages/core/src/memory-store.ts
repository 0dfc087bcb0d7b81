import type { AtomicStore, Clock } from "./ports.js";

/** A store in this process's memory: gone when it ends, and no other process sees it. */
export function memoryStore(clock: Clock = Date.now): AtomicStore {
  const entries = new Map<string, { readonly value: string; readonly until: number }>();

  let roomFor = 1_000;

  /** Looks through all of them only when there are twice as many as the last time, so that a set costs the same always. */
  function dropExpired(): void {
    if (entries.size < roomFor) return;
    const now = clock();
    for (const [key, { until }] of entries) if (now >= until) entries.delete(key);
    roomFor = Math.max(1_000, 2 * entries.size);
  }

  function get(key: string): string | undefined {
    const entry = entries.get(key);
    return entry !== undefined && clock() < entry.until ? entry.value : undefined;
  }

  function set(key: string, value: string, ttl: number): void {
    dropExpired();
    entries.set(key, { value, until: clock() + ttl * 1000 });
  }

  return {
    get,
    set,
    setIfAbsent(key, value, ttl) {
      if (get(key) !== undefined) return false;
      set(key, value, ttl);
      return true;
    },
    delete(key) {
      entries.delete(key);
    },
  };
}
