import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "./client.js";
import type { Tally } from "./tally.js";
import type { Traffic } from "./traffic.js";

/** How many requests in each second, and for how many seconds. */
export interface Pace {
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Sends requests when they are due, whether or not earlier ones were answered; resolves when all are. Latency counts
 * from when a request was due: whoever waits behind a stall is part of it.
 */
export async function arrive(
  { rate, seconds }: Pace,
  traffic: Pick<Traffic, "take">,
  client: Pick<Client, "send">,
  tally: Tally,
): Promise<void> {
  const total = Math.round(rate * seconds);
  const start = performance.now();
  let sent = 0;
  let answered = 0;
  let whenDone = () => {};
  const done = new Promise<void>((resolve) => {
    whenDone = resolve;
  });
  while (sent < total) {
    const due = Math.floor(((performance.now() - start) * rate) / 1_000) + 1;
    while (sent < Math.min(due, total)) {
      send(sent);
      sent += 1;
    }
    await sleep(1);
  }
  await done;

  function send(index: number): void {
    const due = start + (index * 1_000) / rate;
    const ask = traffic.take();
    tally.sent(performance.now() - due);
    client.send(ask, (outcome) => {
      const fault = typeof outcome === "string" ? outcome : ask.fault(outcome);
      tally.answered(ask.kind, performance.now() - due, fault);
      answered += 1;
      if (answered === total) whenDone();
    });
  }
}
