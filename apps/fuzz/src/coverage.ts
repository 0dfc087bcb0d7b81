/** How far the run of an input got. */
export interface Coverage {
  /** Begins a run. */
  reset(): void;
  /** What was reached since, as numbers: the same ones for the same way through the code. */
  read(): number[];
}

interface Counters {
  readonly s: Record<string, number>;
  readonly b: Record<string, number[]>;
}

/** How often is told apart only roughly: once, twice, some times, many times. */
const BUCKETS = 8;

/** The counters that the build put into core. They are there once core was loaded. */
export function readCounters(): Coverage {
  const all = (globalThis as { __coverage__?: Record<string, Counters> }).__coverage__;
  const files = Object.values(all ?? {});
  if (files.length === 0) throw new Error("Nothing here counts. The fuzzer runs as it is built.");
  const lists = files.flatMap(({ s, b }) => [s as unknown as number[], ...Object.values(b)]);
  const keys = lists.map((list) => Object.keys(list) as unknown as number[]);
  return {
    reset() {
      lists.forEach((list, which) => {
        for (const key of keys[which] ?? []) list[key] = 0;
      });
    },
    read() {
      const reached: number[] = [];
      let first = 0;
      lists.forEach((list, which) => {
        const own = keys[which] ?? [];
        own.forEach((key, at) => {
          const count = list[key] ?? 0;
          if (count > 0) reached.push((first + at) * BUCKETS + Math.min(BUCKETS - 1, 31 - Math.clz32(count)));
        });
        first += own.length;
      });
      return reached;
    },
  };
}

/** The place alone, without how often. */
export function toPlace(reached: number): number {
  return Math.floor(reached / BUCKETS);
}
