import { it } from "vitest";

import { SWITCHES, type Switches } from "../src/switches.js";
import { start } from "./harness.js";

/** Starts an AuthKit for one test, with the value that is tested. */
type Start = typeof start;

/**
 * A test for each value of a switch, under the number of its question. The default is not asked for, so that it is seen
 * to be the default.
 */
export function contract<Name extends keyof Switches, Expected>(
  name: Name,
  about: string,
  expected: Record<Switches[Name], Expected>,
  test: (start: Start, expected: Expected) => Promise<void>,
): void {
  const { question, values } = SWITCHES[name];
  for (const value of values as readonly string[] as readonly Switches[Name][]) {
    const switches = value === values[0] ? {} : { [name]: value };
    it(`${question} ${about}: ${name} ${value}`, () =>
      test(
        (options, ports) => start({ ...options, switches: { ...options?.switches, ...switches } }, ports),
        expected[value],
      ));
  }
}
