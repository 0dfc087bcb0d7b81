import type { Clock, Store } from "./ports.js";

/** A store in this process's memory: gone when it ends, and no other process sees it. */
export function memoryStore(clock: Clock = Date.now): Store {
  const entries = new Map<string, { readonly value: string; readonly until: number }>();

  function dropExpired(): void {
    const now = clock();
    for (const [key, { until }] of entries) if (now >= until) entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      return entry !== undefined && clock() < entry.until ? entry.value : undefined;
    },
    set(key, value, ttl) {
      dropExpired();
      entries.set(key, { value, until: clock() + ttl * 1000 });
    },
    delete(key) {
      entries.delete(key);
    },
  };
}
