import { describe, expect, it } from "vitest";
import { readCorpus } from "../src/corpus.js";
import { targets } from "../src/targets/index.js";

describe("what the fuzzer kept", () => {
  it.each(targets)("is stood by core: $name", async (target) => {
    const inputs = [...readCorpus(target.name)];
    expect(inputs.length).toBeGreaterThan(1);
    for (const [file, input] of inputs) {
      await expect(target.run(input), `corpus/${target.name}/${file}`).resolves.toEqual(expect.any(String));
    }
  });
});
