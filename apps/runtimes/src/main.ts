import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { fetchProgram } from "./fetch-program.js";
import { HOME } from "./home.js";
import { isThere, nameOf, PROGRAMS } from "./programs.js";
import { type Row, toLine, writeTable } from "./row.js";
import { rowsReporter } from "./rows-reporter.js";

const USAGE = `npm run runtimes -- [--fetch] [--write]

Fetches the runtimes of apps/runtimes/programs.json that are not there, and runs the adapter contract on each.

--fetch  fetches them only; npm test then runs them, too
--write  writes what was run to docs/runtimes.md
`;

const PAGE = join(HOME, "../../docs/runtimes.md");
const options = readOptions();

for (const program of PROGRAMS) {
  if (isThere(program)) continue;
  process.stderr.write(`fetching ${nameOf(program)}\n`);
  if (!(await fetchProgram(program)))
    process.stderr.write(`${nameOf(program)} has no package for ${process.platform} ${process.arch}\n`);
}
if (!options.fetch) await runAll();

async function runAll(): Promise<void> {
  const names = PROGRAMS.filter(isThere).map(nameOf);
  const width = Math.max(...names.map(({ length }) => length));
  const rows: Row[] = [];
  const reporter = rowsReporter(names, (row, failures) => {
    rows.push(row);
    for (const line of [toLine(row, width), ...failures]) console.log(line);
  });
  const vitest = await startVitest("test", ["test/contract.test.ts"], {
    root: HOME,
    watch: false,
    reporters: [reporter],
  });
  await vitest.close();
  // A runtime that did not start has no cases that failed: it has none that passed.
  const isGood = names.length > 0 && names.length === rows.length && rows.every(isGreen);
  if (!isGood) process.exitCode = 1;
  else if (options.write) await writeFile(PAGE, writeTable(await readFile(PAGE, "utf8"), rows, new Date()));
}

function isGreen({ passed, failed }: Row): boolean {
  return passed > 0 && failed === 0;
}

function readOptions() {
  try {
    return parseArgs({
      options: { fetch: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
