import { beforeAll, describe, expect, it } from "vitest";
import { type Results, zerosOf } from "../src/results.js";
import { run } from "../src/run.js";

describe("a short run", () => {
  let results: Results;

  beforeAll(async () => {
    results = await run({ seconds: 5, seed: "continuous integration", say: () => {} });
  });

  it("leaves every figure that must be 0 at 0", () => {
    expect(zerosOf(results).filter(({ count }) => count !== 0)).toEqual([]);
  });

  it("has something to withstand: logins with faults, keys out of reach, bad inputs of each kind", () => {
    const { logins, faults, keys, inputs } = results;
    for (const { begun, troubled, completed } of Object.values(logins)) {
      expect([begun, troubled > 0, completed > 0]).toEqual([25, true, true]);
    }
    expect(Object.values(faults).filter((times) => times > 0).length).toBeGreaterThan(10);
    expect([keys.goodAccepted, keys.goodUnavailable, keys.badTried].every((count) => count > 0)).toBe(true);
    expect(Object.keys(inputs.kinds).length).toBeGreaterThan(15);
    expect(inputs.good).toBeGreaterThan(100);
  });

  it("looks for secrets where there is something to be read", () => {
    const { known, searched, lines, errors } = results.secrets;
    expect([known, searched, lines, errors].every((count) => count > 1_000)).toBe(true);
  });
});
