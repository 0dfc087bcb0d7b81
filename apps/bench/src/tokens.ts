import type { Signer } from "./issuer.js";
import type { Verify } from "./subject.js";

declare global {
  interface Buffer {
    /** What `toString("latin1")` calls, without looking up the encoding each time: the nearest to what HTTP parsers do. */
    latin1Slice(): string;
  }
}

/**
 * Tokens as a server meets them: bytes, of which each request makes a string of its own. A string that is used over and
 * over has its hash at hand and may be compared by its address, which no token from a socket has.
 */
export class Arrivals {
  readonly #bytes: readonly Buffer[];
  readonly #order: readonly number[];
  #next = 0;

  /** Without an order, the tokens come in turn. */
  constructor(tokens: readonly string[], order: readonly number[] = tokens.map((_, index) => index)) {
    this.#bytes = tokens.map((token) => Buffer.from(token, "latin1"));
    this.#order = order;
  }

  take(): string {
    const bytes = this.#bytes[this.#order[this.#next] ?? 0];
    this.#next = this.#next + 1 === this.#order.length ? 0 : this.#next + 1;
    return bytes?.latin1Slice() ?? "";
  }
}

/** Verifies so many arrivals, one after the other. Where a verifier gives no promise, nobody waits for one. */
export async function verifyAll(verify: Verify, arrivals: Arrivals, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const result = verify(arrivals.take());
    if (result instanceof Promise) await result;
  }
}

/** As {@link verifyAll}, where nothing is good. Throws when something is let through. */
export async function refuseAll(verify: Verify, arrivals: Arrivals, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1)
    if (await accepts(verify, arrivals.take())) throw new Error("a bad token was let through");
}

export async function accepts(verify: Verify, token: string): Promise<boolean> {
  try {
    const result = verify(token);
    if (result instanceof Promise) await result;
    return true;
  } catch {
    return false;
  }
}

export function mintMany(issuer: Signer, count: number, typ?: "at+jwt"): readonly string[] {
  const header = typ === undefined ? {} : { typ };
  return Array.from({ length: count }, () => issuer.mint({ header }));
}

/**
 * Which of so many tokens comes when, if the busiest comes twice as often as the second and three times as often as
 * the third (Zipf's law, exponent 1). The same on each run.
 */
export function zipfOrder(tokens: number, length: number): readonly number[] {
  const bounds: number[] = [];
  let total = 0;
  for (let rank = 1; rank <= tokens; rank += 1) {
    total += 1 / rank;
    bounds.push(total);
  }
  const random = createRandom(1);
  return Array.from({ length }, () => firstAbove(bounds, random() * total));
}

function firstAbove(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The generator known as mulberry32: numbers from 0 to 1 out of a seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
