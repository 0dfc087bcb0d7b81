import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLoad } from "../src/load.js";
import { renderReport } from "../src/report.js";
import { type Results, zerosOf } from "../src/results.js";

const logins = {
  begun: 1_000,
  troubled: 800,
  completed: 900,
  unnoticed: 300,
  lostByFault: 100,
  lostOtherwise: 0,
  twice: 0,
  mixedUp: 0,
  astray: 0,
  answers: 5_000,
};

const results: Results = {
  date: "2026-01-02T03:04:05.000Z",
  duration: 200,
  seconds: 240,
  seed: "5eed",
  cores: 2,
  node: "20.20.2",
  logins: { plain: logins, careful: logins },
  faults: { "connection refused": 12, "status 503": 30 },
  keys: {
    starts: 4,
    changes: 30,
    rotations: 9,
    asked: { up: 3 },
    goodAccepted: 100,
    goodUnavailable: 50,
    goodUnseen: 1,
    goodRefused: 0,
    badTried: 80,
    badAccepted: 0,
    strangerAsked: 0,
  },
  inputs: { kinds: { "stray URLs": { tried: 4_000, accepted: 0 } }, good: 400, goodRefused: 0 },
  processes: {
    started: 6,
    answers: 20_000,
    rejections: 0,
    exceptions: 0,
    warnings: 0,
    thrown: 0,
    left: [],
    notEnded: 0,
  },
  secrets: { known: 9_000, searched: 1_000_000, lines: 7_000, errors: 800, found: {} },
  abroad: { redirects: 0, requests: 0, badCalls: 0 },
};

describe("the report", () => {
  it("has the figures of both applications together, and how to have the run again", () => {
    const report = renderReport(results, []);
    expect(report).toContain("| logins begun | 2,000 |");
    expect(report).toContain("| status 503 | 30 |");
    expect(report).toContain("| stray URLs | 4,000 | 0 |");
    expect(report).toContain("npm run reliability -- --seconds 240 --seed 5eed");
  });

  it("shows a figure that is not 0, and what was found where", () => {
    const found = { "token in an answer": 3 };
    const report = renderReport({ ...results, secrets: { ...results.secrets, found } }, []);
    expect(report).toContain("| secrets found | **3** |");
    expect(report).toContain("**token in an answer: 3**");
  });

  it("says that the load was not measured, where it was not", async () => {
    expect(renderReport(results, await readLoad("no such file"))).toContain(
      "`npm run load` has not been run.",
    );
  });

  it("has a row for each example under load", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reliability-"));
    const file = join(folder, "results.json");
    const example = {
      plan: { rate: 1_036, seconds: 600 },
      counts: { requests: 24_864, errors: { "status 500": 2, slow: 1 } },
    };
    try {
      await writeFile(file, JSON.stringify({ hono: { example } }));
      expect(renderReport(results, await readLoad(file))).toContain(
        "| hono | 1,036/s for 600 s | 24,864 | 3 |",
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("what must be 0", () => {
  it.each<[string, (bad: Results) => Results]>([
    [
      "logins lost otherwise",
      (bad) => ({ ...bad, logins: { ...bad.logins, careful: { ...logins, lostOtherwise: 1 } } }),
    ],
    [
      "logins completed twice",
      (bad) => ({ ...bad, logins: { ...bad.logins, plain: { ...logins, twice: 1 } } }),
    ],
    [
      "identities mixed up",
      (bad) => ({ ...bad, logins: { ...bad.logins, plain: { ...logins, mixedUp: 1 } } }),
    ],
    [
      "wrong accepts",
      (bad) => ({ ...bad, inputs: { ...bad.inputs, kinds: { a: { tried: 1, accepted: 1 } } } }),
    ],
    ["wrong accepts while keys fail", (bad) => ({ ...bad, keys: { ...bad.keys, badAccepted: 1 } })],
    ["good tokens refused while keys fail", (bad) => ({ ...bad, keys: { ...bad.keys, goodRefused: 1 } })],
    ["good inputs refused", (bad) => ({ ...bad, inputs: { ...bad.inputs, goodRefused: 1 } })],
    ["unhandled rejections", (bad) => ({ ...bad, processes: { ...bad.processes, rejections: 1 } })],
    ["handles left", (bad) => ({ ...bad, processes: { ...bad.processes, left: ["Timeout"] } })],
    ["secrets found", (bad) => ({ ...bad, secrets: { ...bad.secrets, found: { token: 1 } } })],
  ])("tells: %s", (label, spoil) => {
    expect(zerosOf(spoil(results)).filter(({ count }) => count !== 0)).toMatchObject([{ label, count: 1 }]);
  });
});
