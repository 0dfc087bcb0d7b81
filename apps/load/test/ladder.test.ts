import { describe, expect, it } from "vitest";
import { findHighestRate, type Step, toStep } from "../src/ladder.js";
import { Tally } from "../src/tally.js";

function step(rate: number, isHeld: boolean): Step {
  return { rate, p99: 1, lateness: 0, errors: {}, isHeld };
}

describe("the highest rate", () => {
  it.each([130, 1_000, 2_345])("is found, a little below the %d that a server can do", async (capacity) => {
    const found = await findHighestRate(async (rate) => step(rate, rate <= capacity));
    expect(found).toBeLessThanOrEqual(capacity);
    expect(found).toBeGreaterThan(capacity * 0.9);
  });

  it("does not suffer from a step that fails for other reasons", async () => {
    let steps = 0;
    const found = await findHighestRate(async (rate) => {
      steps += 1;
      return step(rate, rate <= 1_000 && steps % 2 === 0);
    });
    expect(found).toBeGreaterThan(900);
  });

  it("is not mistaken for a slow moment of the machine's", async () => {
    let steps = 0;
    const found = await findHighestRate(async (rate) => {
      steps += 1;
      return step(rate, rate <= 1_000 && (steps < 3 || steps > 5));
    });
    expect(found).toBeGreaterThan(900);
  });

  it("is refused where there is none", async () => {
    await expect(findHighestRate(async (rate) => step(rate, false))).rejects.toThrow(/busy/);
  });
});

describe("a step", () => {
  function stepOf(took: number, fault?: string): boolean {
    const tally = new Tally();
    tally.answered("new", took, fault);
    return toStep(100, tally.read()).isHeld;
  }

  it("is held where answers are right and in time", () => {
    expect(stepOf(20)).toBe(true);
    expect(stepOf(60)).toBe(false);
    expect(stepOf(20, "status 500")).toBe(false);
  });
});
