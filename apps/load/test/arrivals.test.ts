import { describe, expect, it } from "vitest";
import { arrive } from "../src/arrivals.js";
import type { Client } from "../src/client.js";
import { Tally } from "../src/tally.js";
import type { Answer, Ask } from "../src/traffic.js";

const ask: Ask = { kind: "repeat", path: "/", headers: {}, fault: () => undefined };
const answer: Answer = { status: 200, headers: {}, body: "" };
const traffic = { take: () => ask };

describe("arrivals", () => {
  it("come when they are due, also while nothing is answered", async () => {
    const waiting: (() => void)[] = [];
    const client: Pick<Client, "send"> = {
      send(_ask, done) {
        waiting.push(() => done(answer));
        if (waiting.length === 20) for (const release of waiting) release();
      },
    };
    const tally = new Tally();
    await arrive({ rate: 1_000, seconds: 0.02 }, traffic, client, tally);
    expect(tally.read()).toMatchObject({ requests: 20, errors: {} });
  });

  it("never come early", async () => {
    const times: number[] = [];
    const client: Pick<Client, "send"> = {
      send(_ask, done) {
        times.push(performance.now());
        done(answer);
      },
    };
    const start = performance.now();
    await arrive({ rate: 100, seconds: 0.05 }, traffic, client, new Tally());
    expect(times).toHaveLength(5);
    for (const [index, time] of times.entries()) expect(time - start).toBeGreaterThanOrEqual(index * 10);
  });

  it("count the time from when they were due: who waits behind a stall is part of it", async () => {
    let isFirst = true;
    const client: Pick<Client, "send"> = {
      send(_ask, done) {
        const start = performance.now();
        while (isFirst && performance.now() - start < 40);
        isFirst = false;
        done(answer);
      },
    };
    const tally = new Tally();
    await arrive({ rate: 1_000, seconds: 0.02 }, traffic, client, tally);
    const { latency, lateness } = tally.read();
    // The last was due after 19 ms, and nothing was sent for 40.
    expect(latency.all.p50).toBeGreaterThan(20);
    expect(lateness.p50).toBeGreaterThan(20);
  });

  it("that go wrong are counted by kind and by what went wrong", async () => {
    const outcomes: readonly (Answer | string)[] = ["ECONNRESET", answer, { ...answer, status: 500 }, answer];
    let next = 0;
    const client: Pick<Client, "send"> = { send: (_ask, done) => done(outcomes[next++] ?? "missing") };
    const tally = new Tally();
    const checked = {
      ...ask,
      fault: ({ status }: Answer) => (status === 200 ? undefined : `status ${status}`),
    };
    await arrive({ rate: 1_000, seconds: 0.004 }, { take: () => checked }, client, tally);
    expect(tally.read().errors).toEqual({ "repeat: ECONNRESET": 1, "repeat: status 500": 1 });
  });
});
