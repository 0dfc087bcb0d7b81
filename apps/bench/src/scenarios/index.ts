import { coldImport } from "./cold-import.js";
import { firstSight } from "./first-sight.js";
import { garbage } from "./garbage.js";
import { http } from "./http.js";
import { keyFetches } from "./key-fetches.js";
import { memory } from "./memory.js";
import { repeat } from "./repeat.js";
import type { Scenario } from "./scenario.js";
import { size } from "./size.js";

/** All that is measured, each in a process of its own. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  repeat,
  "first-sight": firstSight,
  garbage,
  "key-fetches": keyFetches,
  http,
  memory,
  size,
  import: coldImport,
};
