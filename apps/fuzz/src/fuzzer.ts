import { setImmediate as turn } from "node:timers/promises";
import { type Coverage, toPlace } from "./coverage.js";
import { mutate } from "./mutation.js";
import type { Random } from "./random.js";
import type { Target } from "./target.js";

/** An input that core did not stand, and what was wrong. */
export interface Finding {
  readonly input: Buffer;
  readonly error: unknown;
}

interface FuzzOptions {
  readonly target: Target;
  readonly coverage: Coverage;
  readonly random: Random;
  /** What is known already. */
  readonly corpus: readonly Buffer[];
  /** Told of each input before it is run. False ends it all. */
  readonly goesOn: (input: Buffer) => boolean;
}

/**
 * Runs inputs and what can be made of them; those that get to a place where none was before are changed further. Ends
 * with the first finding, or when it is told to.
 */
export async function fuzz({ target, coverage, random, corpus, goesOn }: FuzzOptions): Promise<{
  readonly inputs: readonly Buffer[];
  readonly places: number;
  readonly finding: Finding | undefined;
}> {
  const words = target.words.map((word) => Buffer.from(word));
  const seen = new Set<number | string>();
  const inputs: Buffer[] = [];
  const startInputs = [Buffer.alloc(0), ...corpus];
  const result = (finding?: Finding) => ({ inputs, places: countPlaces(seen), finding });
  for (let run = 0; ; run++) {
    const input = startInputs[run] ?? mutate(choose(inputs, random), random, words, random.pick(inputs));
    if (!goesOn(input)) return result();
    let reached: readonly (number | string)[];
    try {
      reached = await observe(target, coverage, input);
    } catch (error) {
      return result({ input, error });
    }
    if (reached.every((one) => seen.has(one))) continue;
    for (const one of reached) seen.add(one);
    inputs.push(input);
  }
}

/** As few and as short inputs as get to all the places and verdicts that these do, one by one. */
export async function distill(
  target: Target,
  coverage: Coverage,
  inputs: readonly Buffer[],
): Promise<readonly Buffer[]> {
  const seen = new Set<number | string>();
  const kept: Buffer[] = [];
  for (const input of [...inputs].sort((one, other) => one.length - other.length || one.compare(other))) {
    const reached = (await observe(target, coverage, input)).map(place);
    if (reached.every((one) => seen.has(one))) continue;
    for (const one of reached) seen.add(one);
    kept.push(input);
  }
  return kept;
}

async function observe(target: Target, coverage: Coverage, input: Buffer): Promise<(number | string)[]> {
  coverage.reset();
  const verdict = await target.run(input);
  // What was left behind is heard of before the next one: a rejection that nobody waits for.
  await turn();
  return [verdict, ...coverage.read()];
}

/** The last ones half of the time: nobody has looked around from there yet. */
function choose(inputs: readonly Buffer[], random: Random): Buffer {
  const first = random.below(2) === 0 ? Math.max(0, inputs.length - 16) : 0;
  return inputs[first + random.below(inputs.length - first)] ?? Buffer.alloc(0);
}

function place(reached: number | string): number | string {
  return typeof reached === "number" ? toPlace(reached) : reached;
}

function countPlaces(seen: ReadonlySet<number | string>): number {
  return new Set([...seen].filter((one) => typeof one === "number").map(place)).size;
}
