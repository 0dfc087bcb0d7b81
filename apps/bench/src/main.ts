import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { renderChart } from "./chart.js";
import { goalsOf } from "./goals.js";
import { type Issuer, startIssuer } from "./issuer.js";
import type { Order } from "./launch.js";
import { readMachine } from "./machine.js";
import { renderReport, renderText } from "./report.js";
import { type Results, readVersions } from "./results.js";
import { scenarios } from "./scenarios/index.js";
import type { Table } from "./table.js";
import { HOME } from "./versions.js";

const USAGE = `npm run bench -- [--quick] [--only <scenario>] [--out <folder>]

--quick  a few turns for each, to see that it works; the numbers mean nothing
--only   one of ${Object.keys(scenarios).join(", ")}
--out    where the report is written; without it a whole run goes to docs/benchmarks, and others only to the terminal
`;

const { quick, only, out, help } = readOptions();
if (help) {
  process.stdout.write(USAGE);
} else {
  const results = await runAll();
  process.stdout.write(renderText(results));
  const folder = out ?? (quick || only !== undefined ? undefined : join(HOME, "../../docs/benchmarks"));
  if (folder !== undefined) await write(results, folder);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.only !== undefined && !(values.only in scenarios)) throw new Error("--only names no scenario");
    return values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function runAll(): Promise<Results> {
  const startedAt = performance.now();
  const machine = readMachine();
  const issuer = await startIssuer();
  const tables: Table[] = [];
  try {
    for (const scenario of only === undefined ? Object.keys(scenarios) : [only]) {
      process.stderr.write(`${scenario} .`);
      const scenarioStartedAt = performance.now();
      tables.push(...(await runScenario(scenario, issuer)));
      process.stderr.write(` ${secondsSince(scenarioStartedAt)} s\n`);
    }
  } finally {
    await issuer.close();
  }
  return {
    date: new Date().toISOString(),
    duration: secondsSince(startedAt),
    isQuick: quick,
    machine,
    versions: readVersions(),
    goals: goalsOf(tables),
    tables,
  };
}

async function runScenario(scenario: string, { seed }: Issuer): Promise<readonly Table[]> {
  const child = fork(join(HOME, "dist/launch.js"), { stdio: "inherit" });
  const ended = once(child, "exit");
  let tables: readonly Table[] | undefined;
  child.once("message", (message) => {
    tables = message as readonly Table[];
  });
  child.send({ scenario, seed, isQuick: quick } satisfies Order);
  await ended;
  if (tables === undefined) throw new Error(`The scenario ${scenario} ended without a result.`);
  return tables;
}

async function write(results: Results, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(folder, "README.md"), renderReport(results));
  await writeFile(join(folder, "benchmarks.svg"), renderChart(results.tables));
  process.stdout.write(`\nWritten to ${resolve(folder)}\n`);
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 1_000);
}
