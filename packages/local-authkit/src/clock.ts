import { AsyncLocalStorage } from "node:async_hooks";
import ms, { type StringValue } from "ms";
import * as v from "valibot";

/** The current time in milliseconds since the epoch. */
export type Clock = () => number;

/** A time as `301s`, `5m`, `2h` or `30d`, or a number of milliseconds. */
export type Duration = number | StringValue;

/** The milliseconds of a duration; not a number for what is none. */
export function parseDuration(duration: Duration): number {
  return typeof duration === "number" ? duration : (ms(duration) ?? Number.NaN);
}

const SHAPE = "must be a duration, such as 301s, or milliseconds";

/** Forwards only. */
export const durationSchema: v.GenericSchema<Duration> = v.custom<Duration>((value) => {
  if (typeof value !== "number" && (typeof value !== "string" || value === "")) return false;
  const milliseconds = parseDuration(value as Duration);
  return Number.isFinite(milliseconds) && milliseconds >= 0;
}, SHAPE);

// How far ahead the clock of the AuthKit is whose request runs. oidc-provider can't be given a clock: it asks Date.now.
const ahead = new AsyncLocalStorage<() => number>();
const isShifted = Symbol("shifted by the local AuthKit");

/**
 * The AuthKit's clock: the machine's, and ahead of it by what it was advanced. As soon as a clock is ahead, `Date.now`
 * tells its time to what runs inside {@link run}, and to nobody else in the process.
 */
export class AdvancingClock {
  readonly #base: Clock;
  #ahead: number;

  constructor(base: Clock = Date.now, aheadBy = 0) {
    this.#base = base;
    this.#ahead = aheadBy;
  }

  readonly now: Clock = () => ahead.exit(() => this.#base()) + this.#ahead;

  /** Milliseconds by which it is ahead. */
  get aheadBy(): number {
    return this.#ahead;
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  run<T>(work: () => T): T {
    if (this.#ahead > 0) shiftDateNow();
    return ahead.run(() => this.#ahead, work);
  }
}

// Again where somebody has put another Date in its place since: test runners' fake timers do.
function shiftDateNow(): void {
  const now = Date.now;
  if (isShifted in now) return;
  Date.now = Object.assign(() => now.call(Date) + (ahead.getStore()?.() ?? 0), { [isShifted]: true });
}
