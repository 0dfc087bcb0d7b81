import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goalsOf } from "../src/goals.js";
import { type Issuer, startIssuer } from "../src/issuer.js";
import { scenarios } from "../src/scenarios/index.js";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

describe("a quick run", () => {
  // Starting servers and importing packages takes its time; that is what the time-out is for.
  it.each(Object.entries(scenarios))(
    "of %s gives numbers for every subject and every goal",
    async (_name, run) => {
      const tables = await run({ issuer, isQuick: true, onProgress() {} });
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
    const [table] = (await scenarios["key-fetches"]?.({ issuer, isQuick: true, onProgress() {} })) ?? [];
    const rows = Object.fromEntries(table?.rows.map(({ subject, values }) => [subject, values]) ?? []);
    expect(rows.connect).toEqual({ starts: 1, kids: 1, failing: 1, served: 64 });
    expect(rows.jose).toEqual({ starts: 1, kids: 1, failing: 4, served: 0 });
    expect(rows["hono/jwk"]).toEqual({ starts: 64, kids: 50, failing: 50, served: 0 });
  });
});
