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
      const passed = tests.filter((test) => test.ok() && test.result().state === "passed");
      const failures = tests
        .filter((test) => !passed.includes(test))
        .map(
          (test) =>
            `${test.fullName}\n  ${test
              .result()
              .errors?.map(({ message }) => message)
              .join("\n  ")}`,
        );
      tell({ name, passed: passed.length, failed: failures.length }, failures);
    },
  };
}
