import type { Clock } from "./clock.js";
import { hashSecret } from "./secrets.js";
import type { Collection, State } from "./state.js";

/** Seconds between two questions of a device (AuthKit: CLI Auth). */
export const POLLING_INTERVAL = 5;

/** How often devices ask while nobody has answered yet. */
export class DevicePolling {
  readonly #clock: Clock;
  readonly #polls: Collection<{ at: number; interval: number }>;

  constructor(state: State, clock: Clock) {
    this.#clock = clock;
    this.#polls = state.collection("device_polls");
  }

  /**
   * Whether this is too soon after the last time. Then the device has to wait five seconds longer from now on (RFC 8628
   * section 3.5). `ttl`: seconds that the code lives.
   */
  isTooSoon(deviceCode: string, ttl: number): boolean {
    const key = hashSecret(deviceCode);
    const now = this.#clock();
    const last = this.#polls.get(key);
    const isTooSoon = last !== undefined && now - last.at < last.interval * 1000;
    const interval = (last?.interval ?? POLLING_INTERVAL) + (isTooSoon ? POLLING_INTERVAL : 0);
    this.#polls.set(key, { at: now, interval }, ttl);
    return isTooSoon;
  }
}
