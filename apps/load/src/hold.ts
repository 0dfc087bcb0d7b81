import { arrive } from "./arrivals.js";
import { Client } from "./client.js";
import type { Reading } from "./reading.js";
import type { ServerProcess } from "./server-process.js";
import { type Counts, Tally } from "./tally.js";
import type { Traffic } from "./traffic.js";

/** How a rate is held. Times in seconds. */
export interface Plan {
  readonly rate: number;
  /** All of it, warm-up included. */
  readonly seconds: number;
  /** Until V8 has compiled what runs often and caches are full. Answers are checked; times and memory don't count. */
  readonly warmUp: number;
  /** From one reading to the next. */
  readonly interval: number;
}

/** What came of holding a rate. */
export interface Held {
  readonly plan: Plan;
  readonly counts: Counts;
  readonly warmUpErrors: Counts["errors"];
  /** One at the end of the warm-up, and one after each interval. */
  readonly readings: readonly Reading[];
  /** When all clients have gone. */
  readonly left: Reading;
}

/** A fifth of the time is warm-up, but no more than two minutes. */
export function planOf(rate: number, seconds: number): Plan {
  const interval = Math.min(5, Math.max(1, Math.floor(seconds / 20)));
  const warmUp = Math.min(120, seconds / 5);
  return { rate, seconds, warmUp, interval };
}

/**
 * Holds a rate. For each reading the traffic pauses for a moment, so that what is on its way is not taken for what
 * stays, and nobody waits behind the collection of garbage.
 */
export async function hold(
  { rate, seconds, warmUp, interval }: Plan,
  server: Pick<ServerProcess, "port" | "read">,
  traffic: Pick<Traffic, "take">,
  onReading: (elapsed: number, counts: Counts, reading: Reading) => void = () => {},
): Promise<Held> {
  const client = new Client(server.port);
  try {
    const warmUpTally = new Tally();
    await arrive({ rate, seconds: warmUp }, traffic, client, warmUpTally);
    const tally = new Tally();
    const readings = [await server.read()];
    for (let elapsed = warmUp + interval; elapsed <= seconds; elapsed += interval) {
      await arrive({ rate, seconds: interval }, traffic, client, tally);
      const reading = await server.read();
      readings.push(reading);
      onReading(elapsed, tally.read(), reading);
    }
    client.close();
    return {
      plan: { rate, seconds, warmUp, interval },
      counts: tally.read(),
      warmUpErrors: warmUpTally.read().errors,
      readings,
      left: await readAlone(server),
    };
  } finally {
    client.close();
  }
}

/** Reads when the server has seen its clients go, which takes it a moment; after so many looks it has not. */
async function readAlone(server: Pick<ServerProcess, "read">, looks = 50): Promise<Reading> {
  const reading = await server.read();
  return reading.sockets === 0 || looks === 0 ? reading : readAlone(server, looks - 1);
}
