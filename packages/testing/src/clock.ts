import { type DurationText, toMilliseconds } from "./duration.js";

/** The time of a test: it runs like the real one, and can be moved. */
export interface TestClock {
  /** Milliseconds since the epoch. Give it to `createVerifier({ clock })`. */
  readonly now: () => number;
  /** Moves the time on: milliseconds, or such as `"301s"`. */
  readonly advance: (by: number | DurationText) => void;
}

export function createClock(): TestClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance: (by) => {
      ahead += toMilliseconds(by);
    },
  };
}
