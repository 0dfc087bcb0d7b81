import { describe, expect, it } from "vitest";
import type { Coverage } from "../src/coverage.js";
import { distill, fuzz } from "../src/fuzzer.js";
import { createRandom } from "../src/random.js";
import { Fault, type Target } from "../src/target.js";

/** A lock of six signs that opens one by one, and breaks when it is open: by chance, nobody gets there. */
function createLock() {
  const secret = "{#9~a!";
  let depth = 0;
  const coverage: Coverage = {
    reset() {
      depth = 0;
    },
    read: () => Array.from({ length: depth }, (_, at) => at * 8),
  };
  const target: Target = {
    name: "lock",
    words: ["abc"],
    async run(input) {
      const text = input.toString("latin1");
      while (depth < secret.length && text[depth] === secret[depth]) depth += 1;
      if (depth === secret.length) throw new Fault("open");
      return "closed";
    },
  };
  return { secret, coverage, target };
}

describe("the fuzzer", () => {
  it("finds what can only be found step by step, and says with which input", async () => {
    const { secret, coverage, target } = createLock();
    let runs = 0;
    const goesOn = () => ++runs <= 100_000;
    const { finding } = await fuzz({ target, coverage, random: createRandom(1), corpus: [], goesOn });
    expect(finding?.error).toBeInstanceOf(Fault);
    expect(finding?.input.toString("latin1").startsWith(secret)).toBe(true);
  });

  it("does the same with the same seed", async () => {
    const run = async () => {
      const { coverage, target } = createLock();
      const inputs: string[] = [];
      const goesOn = (input: Buffer) => inputs.push(input.toString("hex")) < 500;
      await fuzz({ target, coverage, random: createRandom(7), corpus: [], goesOn });
      return inputs;
    };
    expect(await run()).toEqual(await run());
  });

  it("keeps the shortest inputs that get as far", async () => {
    const { coverage, target } = createLock();
    const inputs = ["{#9xxxxx", "{#9", "{#", "zzz", "q"].map((text) => Buffer.from(text));
    const kept = await distill(target, coverage, inputs);
    expect(kept.map(String)).toEqual(["q", "{#", "{#9"]);
  });
});
