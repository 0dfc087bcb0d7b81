/** What one runtime made of the suite. */
export interface Row {
  /** The runtime and its version, as in `nameOf`. */
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
}

const [BEGIN, END] = ["<!-- npm run runtimes -- --write: from here", "to here -->"];

/** One line of what is printed. */
export function toLine({ name, passed, failed }: Row, width: number): string {
  return `${name.padEnd(width)}  ${String(passed).padStart(4)} passed, ${failed} failed`;
}

/** The page with these rows in its table, and the day. Throws where the page has lost the marks around its table. */
export function writeTable(page: string, rows: readonly Row[], day: Date): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error("docs/runtimes.md has no place for the table");
  const table = [
    `${BEGIN} -->`,
    "",
    "| runtime | cases passed | failed |",
    "|---|---|---|",
    ...rows.map(({ name, passed, failed }) => `| ${name} | ${passed} | ${failed} |`),
    "",
    `Run on ${day.toISOString().slice(0, 10)}, on ${process.platform} ${process.arch}.`,
    "",
    "<!-- ",
  ].join("\n");
  return page.slice(0, begin) + table + page.slice(end);
}
