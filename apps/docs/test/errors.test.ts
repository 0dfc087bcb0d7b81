import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ConnectError, ERRORS, type ErrorCode } from "../../../packages/core/src/errors.js";

it("the page of errors has each code, as core has it", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/reference/errors.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (yes)? ?\|/gm)];
  const told = rows.map(([, code, status, again]) => [code, Number(status), again === "yes"]);
  const known = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, retryable } = new ConnectError(code);
    return [code, status, retryable];
  });
  // The page has its own order: by what the reader was doing.
  expect(told.sort()).toEqual(known.sort());
});
