import { vi } from "vitest";

/**
 * Pauses of these lengths, in milliseconds, take no time, and the monotonic clock stands still but for them. Returns the
 * pauses that were made. `vi.restoreAllMocks` ends it.
 */
export function skipPauses(...lengths: readonly number[]): readonly number[] {
  const made: number[] = [];
  const start = globalThis.setTimeout;
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const skip = (run: () => void, length = 0) => {
    if (!lengths.includes(length)) return start(run, length);
    made.push(length);
    now += length;
    return start(run, 0);
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(skip as typeof setTimeout);
  return made;
}

/** What has a time limit gets a signal that comes when the returned function is called, and not before. */
export function holdTime(): () => void {
  let time = new AbortController();
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
    time = new AbortController();
    return time.signal;
  });
  return () => time.abort(new DOMException("The time is up.", "TimeoutError"));
}
