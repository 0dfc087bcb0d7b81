import type { Held } from "./hold.js";
import type { Ending } from "./server-process.js";
import { isGrowing, type Tolerance, type Trend, trendOf } from "./trend.js";

/** What a server did under load. */
export interface Subject extends Held {
  readonly heap: Trend;
  readonly rss: Trend;
  /** CPU time for a thousand requests, in milliseconds. */
  readonly cpu: number;
  readonly ending: Ending;
  /** What is wrong with it, one line each. Empty where all is well. */
  readonly faults: readonly string[];
}

/** From here on growth is told from noise, in seconds. */
export const LONG = 300;

/** A token kept for each new one would be several times that much after ten minutes. */
const HEAP: Tolerance = { growth: 8 * 2 ** 20, part: 0.25 };

/** The allocator keeps what it may need again, so this is only for what is lost outside of the heap. */
const RSS: Tolerance = { growth: 96 * 2 ** 20, part: 0.5 };

export function judge(held: Held, ending: Ending, expected: Omit<Ending, "took">): Subject {
  const { plan, counts, warmUpErrors, readings, left } = held;
  const heap = trendOf(readings.map((reading) => reading.heap + reading.external));
  const rss = trendOf(readings.map((reading) => reading.rss));
  const first = readings[0];
  const last = readings.at(-1);
  const faults = [
    ...Object.entries(warmUpErrors).map(([name, count]) => `warm-up: ${name}: ${count}`),
    ...Object.entries(counts.errors).map(([name, count]) => `${name}: ${count}`),
    ...new Set(last?.warnings.filter((name) => name === "MaxListenersExceededWarning")),
  ];
  if (ending.how !== expected.how || ending.code !== expected.code)
    faults.push(`ended ${ending.how} with code ${ending.code}`);
  if (left.sockets > 0) faults.push(`${left.sockets} sockets are left`);
  if (plan.seconds >= LONG) {
    if (isGrowing(heap, HEAP)) faults.push("the heap grows");
    if (isGrowing(rss, RSS)) faults.push("memory outside of the heap grows");
  }
  return {
    ...held,
    heap,
    rss,
    cpu: ((last?.cpu ?? 0) - (first?.cpu ?? 0)) / counts.requests,
    ending,
    faults,
  };
}
