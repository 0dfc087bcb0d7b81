import type { Goal } from "./goals.js";
import type { Results } from "./results.js";
import type { Table } from "./table.js";

/** What people read: the goals, then every table. */
export function renderReport({ date, duration, machine, versions, goals, tables }: Results): string {
  const { node, ...packages } = versions;
  const met = goals.filter(({ isMet }) => isMet).length;
  const sections = tables.map(
    ({ title, note, ...table }) => `### ${title}\n\n${note}\n\n${renderMarkdown(toGrid(table))}`,
  );
  return `# Benchmarks

How fast Connect verifies tokens, beside those one would use instead. This page is written by \`npm run bench\`, and each
number on it comes from one run of that command. Ratios tell more than times: these depend on the machine.

![Bar charts of the tables below](benchmarks.svg)

## Goals

${met} of ${goals.length} are met.

${renderMarkdown(goalGrid(goals))}

## How it was measured

- ${machine.processor}, ${machine.cores} cores, ${machine.memory} GB, ${machine.system}; Node ${node}; ${date.slice(0, 10)}. The run took ${Math.round(duration)}
  seconds. In the minute before it, the load was ${machine.load.toFixed(1)}: ${machine.load < 0.5 ? "a quiet machine" : "others were at work, and the numbers suffer from it"}.
- Each scenario runs in a process of its own. Within it all take turns, in an order that changes; the tables have the
  medians of the rounds, and ratios are the medians of what each round says.
- Everyone verifies the same kind of token (RS256, 2048 bits, some 850 characters, AuthKit's claims) for issuer,
  audience and time, set up as its documentation does it, with keys from a server on loopback unless its row says
  otherwise. Each token arrives as a string of its own, as from a socket.
- Before anyone is measured it must accept a good token, and refuse one that is forged, expired, unsigned, or meant for
  somebody else. A subject that does not ends the run.
- A goal is met or not by the numbers of this run. No run fails because of them.

\`\`\`sh
npm run bench                       # all of it, written to docs/benchmarks
npm run bench -- --only http        # one scenario, on the terminal
npm run bench -- --quick            # a few seconds for each, to see that it works; the numbers mean nothing
npm run bench -- --out some/folder  # written there
\`\`\`

Versions: ${Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}.

## Tables

${sections.join("\n\n")}

All numbers, unrounded: [results.json](results.json).
`;
}

/** The same for a terminal. */
export function renderText({ goals, tables }: Pick<Results, "goals" | "tables">): string {
  const parts = tables.map(({ title, ...table }) => `${title}\n\n${renderAligned(toGrid(table))}`);
  if (goals.length > 0) parts.push(`Goals\n\n${renderAligned(goalGrid(goals))}`);
  return `\n${parts.join("\n\n")}\n`;
}

/** Three digits, however large: no more are known. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "";
  const rounded = Number(value.toPrecision(3));
  return Math.abs(value) >= 1_000
    ? Math.round(Number.isInteger(value) ? value : rounded).toLocaleString("en-US")
    : String(rounded);
}

/** The first row is the head, the first column the names. */
export type Grid = readonly (readonly string[])[];

function toGrid({ columns, rows }: Pick<Table, "columns" | "rows">): Grid {
  const head = ["", ...columns.map(({ label }) => label)];
  const body = rows.map(({ subject, values }) => [
    subject,
    ...columns.map(({ key }) => {
      const value = values[key] ?? "";
      return typeof value === "number" ? formatNumber(value) : value;
    }),
  ]);
  return [head, ...body];
}

function goalGrid(goals: readonly Goal[]): Grid {
  const rows = goals.map(({ text, measured, bound, comparison, unit, isMet }) => [
    text,
    `${comparison} ${formatNumber(bound)} ${unit}`,
    measured === undefined ? "not measured" : `${formatAgainst(measured, bound)} ${unit}`,
    isMet ? "met" : "**not met**",
  ]);
  return [["", "goal", "measured", ""], ...rows];
}

/** With so many digits that it can be told from the bound. */
function formatAgainst(measured: number, bound: number): string {
  const text = formatNumber(measured);
  return text === formatNumber(bound) && measured !== bound ? measured.toPrecision(5) : text;
}

export function renderMarkdown([head = [], ...rows]: Grid): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|---${"|--:".repeat(head.length - 1)}|`, ...rows.map(line)].join("\n");
}

export function renderAligned(grid: Grid): string {
  const rows = grid.map((row) => row.map((cell) => cell.replaceAll("**", "")));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
