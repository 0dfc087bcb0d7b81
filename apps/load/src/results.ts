import type { Machine } from "bench";
import type { Example } from "e2e/example";
import type { Run } from "./run.js";

/** A run as it is written to a file. */
export interface Recorded extends Run {
  /** When it ended, in UTC. */
  readonly date: string;
  readonly node: string;
  readonly machine: Machine;
}

/** The last run of each example. */
export type Results = Readonly<Partial<Record<Example, Recorded>>>;
