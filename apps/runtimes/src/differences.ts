import type { Differences } from "@connect/adapter-contract";
import type { Program } from "./programs.js";

/** Where a runtime's own HTTP answers otherwise than Node's. What that means to an application, docs/runtimes.md says. */
const DIFFERENCES: Readonly<Record<string, Differences>> = {
  "Node 20.19.0": { attacks: { "with a space before the colon": [401] } },
  Bun: { pipelining: "closed", attacks: { "in a trailer": [401, 400] } },
  Deno: { attacks: { "a header beyond what Node reads": [400] } },
  workerd: {
    attacks: { "a header beyond what Node reads": [401], "twice, an empty one first": [200] },
    visits: { "a second Host": [500] },
  },
};

/** Those of a program: of its version, or of its runtime as a whole. */
export function differencesOf({ runtime, version }: Program): Differences {
  return DIFFERENCES[`${runtime} ${version}`] ?? DIFFERENCES[runtime] ?? {};
}
