import { readMachine } from "bench";
import { describe, expect, it } from "vitest";
import type { Reading } from "../src/reading.js";
import { renderReport } from "../src/report.js";
import { judge, type Subject } from "../src/subject.js";
import { Tally } from "../src/tally.js";

const reading: Reading = {
  rss: 2 ** 27,
  heap: 2 ** 24,
  external: 0,
  cpu: 0,
  sockets: 4,
  timers: 0,
  warnings: [],
};
const orderly = { how: "by itself", code: 0, took: 12 } as const;

interface Changes {
  readonly seconds?: number;
  readonly fault?: string;
  readonly heap?: (index: number) => number;
  readonly ending?: Subject["ending"];
  readonly left?: Partial<Reading>;
  readonly warnings?: readonly string[];
}

function subject({
  seconds = 600,
  fault,
  heap = () => 2 ** 24,
  ending = orderly,
  left,
  warnings = [],
}: Changes) {
  const tally = new Tally();
  tally.sent(0);
  tally.answered("login", 3, fault);
  const readings = Array.from({ length: 30 }, (_, index) => ({ ...reading, heap: heap(index), warnings }));
  const plan = { rate: 1_200, seconds, warmUp: 60, interval: 5 };
  const held = { plan, counts: tally.read(), warmUpErrors: {}, readings };
  return judge({ ...held, left: { ...reading, sockets: 0, ...left } }, ending, orderly);
}

const leak = (index: number) => 2 ** 24 + index * 2 ** 20;

describe("a server under load", () => {
  it.each<[string, Changes, readonly string[]]>([
    ["nothing", {}, []],
    ["a wrong answer", { fault: "status 500" }, ["login: status 500: 1"]],
    ["memory that grows", { heap: leak }, ["the heap grows"]],
    ["no growth in a short run, which can't tell", { heap: leak, seconds: 60 }, []],
    ["an end by force", { ending: { how: "killed", code: null, took: 1 } }, ["ended killed with code null"]],
    ["sockets that stay", { left: { sockets: 3 } }, ["3 sockets are left"]],
    [
      "listeners that pile up",
      { warnings: ["MaxListenersExceededWarning", "ExperimentalWarning"] },
      ["MaxListenersExceededWarning"],
    ],
  ])("is blamed for %s", (_, changes, faults) => {
    expect(subject(changes).faults).toEqual(faults);
  });
});

describe("the report", () => {
  function reportOf(example: Subject, bare: Subject = subject({})): string {
    const run = { highest: 1_500, steps: [], example, bare };
    const made = { date: "2026-01-02T03:04:05.000Z", node: process.versions.node, machine: readMachine() };
    return renderReport({ fastify: { ...made, ...run } });
  }

  it("has the example and its framework side by side, and leaves out what was not run", () => {
    const report = reportOf(subject({}));
    expect(report).toContain(
      "**Fastify** held 1,500 requests a second at most, and 1,200 for 600 seconds: no error.",
    );
    expect(report).toMatch(/\| Fastify, the example \| 1 \| 0 \| 3(\.\d+)? \|/);
    expect(report).toContain("| Fastify without Connect |");
    expect(report).toContain("| 16.0 to 16.0 | 0.0 | 0 | 128.0 to 128.0 | 0.0 | 0, 0 | by itself, 12 ms |");
    expect(report).not.toMatch(/Hono|Next\.js without/);
  });

  it("does not hide what went wrong, or that a run was short", () => {
    const report = reportOf(subject({ seconds: 30, fault: "ECONNRESET" }), subject({ heap: leak }));
    expect(report).toContain("**login: ECONNRESET: 1; without Connect: the heap grows.** A short run");
  });
});
