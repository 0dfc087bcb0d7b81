import type { Counts } from "./tally.js";

/** What came of a few seconds at a rate. */
export interface Step {
  /** Requests in each second. */
  readonly rate: number;
  readonly p99: number;
  /** How late 99 of 100 requests were sent at most: where this is most of `p99`, the load could do no more. */
  readonly lateness: number;
  readonly errors: Counts["errors"];
  readonly isHeld: boolean;
}

/** A rate is held where 99 of 100 requests are answered within so many milliseconds, and all of them rightly. */
export const BOUND = 50;

const FIRST = 50;
const GROWTH = 1.5;
/** How often the gap between the last rate that held and the first that did not is halved. */
const HALVINGS = 3;
/** How often a rate is tried: something else on the machine may have been at fault. */
const TRIES = 3;

/** Finds the highest rate that is held, in growing steps and then in smaller ones. Throws where not even the first is. */
export async function findHighestRate(run: (rate: number) => Promise<Step>): Promise<number> {
  const isHeld = async (rate: number) => {
    for (let time = 0; time < TRIES; time += 1) if ((await run(rate)).isHeld) return true;
    return false;
  };
  let held = 0;
  let failed = FIRST;
  // A rate is given up only where the next one fails, too: a slow moment of the machine's is not the server's limit.
  for (let next = FIRST, failures = 0; failures < 2; next = Math.round(next * GROWTH)) {
    if (await isHeld(next)) {
      held = next;
      failures = 0;
    } else {
      if (failures === 0) failed = next;
      failures += 1;
    }
  }
  if (held === 0) throw new Error(`Not even ${FIRST} requests a second were held: is the machine busy?`);
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const between = Math.round((held + failed) / 2);
    if (await isHeld(between)) held = between;
    else failed = between;
  }
  return held;
}

export function toStep(rate: number, { latency, lateness, errors }: Counts): Step {
  const { p99 } = latency.all;
  return {
    rate,
    p99,
    lateness: lateness.p99,
    errors,
    isHeld: p99 <= BOUND && Object.keys(errors).length === 0,
  };
}
