import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goalsOf } from "../src/goals.js";
import { type Issuer, startIssuer } from "../src/issuer.js";
import { scenarios } from "../src/scenarios/index.js";
import type { Table } from "../src/table.js";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

/** Each scenario runs once, whoever asks. */
const runs = new Map<string, Promise<readonly Table[]>>();
function quickRun(name: string): Promise<readonly Table[]> {
  const run = runs.get(name) ?? scenarios[name]?.({ issuer, isQuick: true, onProgress() {} });
  if (run === undefined) throw new Error(`there is no scenario ${name}`);
  runs.set(name, run);
  return run;
}

describe("a quick run", () => {
  // Starting servers and importing packages takes its time; that is what the time-out is for.
  it.each(Object.keys(scenarios))(
    "of %s gives numbers for every subject and every goal",
    async (name) => {
      const tables = await quickRun(name);
      for (const { title, columns, rows } of tables) {
        const numbers = rows.map(({ subject, values }) => ({
          subject,
          count: columns.filter(({ key }) => Number.isFinite(values[key])).length,
        }));
        expect(numbers.length, title).toBeGreaterThan(0);
        expect(
          numbers.filter(({ count }) => count === 0),
          title,
        ).toEqual([]);
      }
      for (const { text, measured } of goalsOf(tables)) expect(measured, text).toBeTypeOf("number");
    },
    120_000,
  );
});

describe("key fetches", () => {
  it("are counted the same on every machine, since the clock stands still", async () => {
    const [table] = await quickRun("key-fetches");
    const rows = Object.fromEntries(table?.rows.map(({ subject, values }) => [subject, values]) ?? []);
    expect(rows.connect).toEqual({ starts: 1, kids: 1, failing: 1, served: 64 });
    expect(rows.jose).toEqual({ starts: 1, kids: 1, failing: 4, served: 0 });
    expect(rows["hono/jwk"]).toEqual({ starts: 64, kids: 50, failing: 50, served: 0 });
  });
});
