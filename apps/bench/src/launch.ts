// Runs one scenario in a process of its own, so that none finds the machine code or the garbage of another.
import { createSigner, type SignerSeed } from "./issuer.js";
import { scenarios } from "./scenarios/index.js";

/** What the parent sends. */
export interface Order {
  readonly scenario: string;
  readonly seed: SignerSeed;
  readonly isQuick: boolean;
}

process.once("message", async ({ scenario, seed, isQuick }: Order) => {
  const run = scenarios[scenario];
  if (run === undefined) throw new Error(`there is no scenario ${scenario}`);
  const tables = await run({
    issuer: createSigner(seed),
    isQuick,
    onProgress: () => process.stderr.write("."),
  });
  process.send?.(tables, () => process.exit());
});
