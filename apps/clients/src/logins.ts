import type { Held } from "./authkit-process.js";
import { Crowd } from "./crowd.js";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/**
 * What AuthKit forgets as time goes by, at its default lifetimes, in seconds after what came before. Each time somebody
 * logs in once more, because AuthKit sweeps when it writes.
 */
const LIFETIMES = [
  { name: "visits, codes and access tokens", seconds: 11 * MINUTE },
  { name: "sessions", seconds: 2 * DAY },
  { name: "refresh tokens", seconds: 30 * DAY },
  { name: "grants", seconds: 365 * DAY },
] as const;

/** How many logins there are. */
export interface Plan {
  /** Before anything is read: until V8 has compiled what runs often. */
  readonly warmUp: number;
  readonly oneByOne: number;
  /** After how many the heap is read. */
  readonly every: number;
  /** In the end, since connections stay open for a while and would be taken for what AuthKit keeps. */
  readonly atOnce: number;
}

/** What came of it. The heap is told as what it holds more than before the first login of the plan. */
export interface Outcome {
  /** What was wrong with each login that failed. */
  readonly failures: readonly string[];
  /** After each `every` logins. */
  readonly growth: readonly Held[];
  /** When each of the lifetimes has passed, one after the other: in the end, all that AuthKit need not remember. */
  readonly left: readonly Held[];
}

export async function runLogins(
  { warmUp, oneByOne, every, atOnce }: Plan,
  onRead: (when: string, held: Held) => void = () => {},
): Promise<Outcome> {
  const crowd = await Crowd.gather();
  const { authkit } = crowd;
  try {
    const failures = await crowd.oneByOne(warmUp);
    for (const { seconds } of LIFETIMES) await authkit.pass(seconds);
    failures.push(...(await crowd.oneByOne(1)));
    const before = await authkit.read();
    const read = async (when: string): Promise<Held> => {
      const { bytes, objects } = await authkit.read();
      const held = { bytes: bytes - before.bytes, objects: objects - before.objects };
      onRead(when, held);
      return held;
    };

    const growth: Held[] = [];
    for (let logins = every; logins <= oneByOne; logins += every) {
      failures.push(...(await crowd.oneByOne(every)));
      growth.push(await read(`${logins} logins`));
    }
    const left: Held[] = [];
    for (const { name, seconds } of LIFETIMES) {
      await authkit.pass(seconds);
      failures.push(...(await crowd.oneByOne(1)));
      left.push(await read(`their ${name} are over`));
    }
    failures.push(...(await crowd.atOnce(atOnce)));
    return { failures, growth, left };
  } finally {
    await crowd.close();
  }
}
