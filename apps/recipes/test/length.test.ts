import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { home, recipes } from "./support/readme.js";

const LIMIT = 40;

/** The lines that somebody writes: neither blank nor of an import. */
function linesOf(file: string): string[] {
  const code = readFileSync(join(home, file), "utf8").replaceAll(/^import\s[^;]*;$/gm, "");
  return code.split("\n").filter((line) => line.trim() !== "");
}

it.each(recipes)(`$name takes no more than ${LIMIT} lines of one's own`, ({ files }) => {
  const lines = files.filter((file) => file.endsWith(".ts")).flatMap(linesOf);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThanOrEqual(LIMIT);
});
