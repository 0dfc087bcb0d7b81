/** A clock that stands still until it is put forward. */
export interface StillClock {
  /** In milliseconds. */
  forward(by: number): void;
  /** Lets time pass again, as it does. */
  restore(): void;
}

/**
 * Stops the clock of this process: `Date` and `performance.now`, which libraries look at to see how old a key is. Then
 * how often keys are fetched depends on rules alone, and not on how fast the machine is. Timers still run.
 */
export function stopClock(): StillClock {
  const RealDate = Date;
  const realNow = performance.now;
  const startedAt = { date: RealDate.now(), performance: performance.now() };
  let offset = 0;
  class StillDate extends RealDate {
    constructor(...parts: [] | [number | string | Date]) {
      if (parts.length === 0) super(StillDate.now());
      else super(...parts);
    }
    static override now(): number {
      return startedAt.date + offset;
    }
  }
  globalThis.Date = StillDate as DateConstructor;
  performance.now = () => startedAt.performance + offset;
  return {
    forward(by) {
      offset += by;
    },
    restore() {
      globalThis.Date = RealDate;
      performance.now = realNow;
    },
  };
}
