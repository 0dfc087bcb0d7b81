import type { Reporter, TestSuite } from "vitest/node";
import type { Row } from "./row.js";

/** Tells of each runtime as soon as its suite has ended, and of what failed in it. */
export function rowsReporter(
  namesOf: readonly string[],
  tell: (row: Row, failures: string[]) => void,
): Reporter {
  return {
    onTestSuiteResult(suite: TestSuite) {
      const name = namesOf.find((one) => suite.name === `the adapter contract: ${one}`);
      if (name === undefined) return;
      const tests = [...suite.children.allTests()];
      const passed = tests.filter((test) => test.result().state === "passed").length;
      // Where the runtime did not start, no case ran, and the suite has the reason.
      const failures = [
        ...suite.errors(),
        ...tests.flatMap((test) =>
          (test.result().errors ?? []).map(({ message }) => ({ message: `${test.fullName}\n  ${message}` })),
        ),
      ].map(({ message }) => message);
      tell({ name, passed, failed: tests.length - passed }, failures);
    },
  };
}
