import { expect, it } from "vitest";
import { writeTable } from "../src/row.js";

const page = (table: string) =>
  `before\n\n<!-- npm run runtimes -- --write: from here -->\n\n${table}\n\n<!-- to here -->\n\nafter\n`;
const rows = [{ name: "Bun 1.0.0", passed: 337, failed: 0 }];
const day = new Date("2026-11-27T12:00:00Z");

it("what was run takes the place of an earlier table, and nothing else is touched", () => {
  const table = `| runtime | cases passed | failed |\n|---|---|---|\n| Bun 1.0.0 | 337 | 0 |\n\nRun on 2026-11-27, on ${process.platform} ${process.arch}.`;
  expect(writeTable(page("| old |"), rows, day)).toBe(page(table));
  expect(writeTable(page(table), rows, day)).toBe(page(table));
});

it("a page that has lost its marks is not written over", () => {
  expect(() => writeTable("a page", rows, day)).toThrow("no place for the table");
});
