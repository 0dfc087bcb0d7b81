/** Random numbers that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to, and without, `bound`. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: small, and random enough to choose what to change. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  function below(bound: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
}
