import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readMachine } from "bench";
import { type Example, examples } from "e2e/example";
import { HOME } from "./home.js";
import { renderReport } from "./report.js";
import type { Recorded, Results } from "./results.js";
import { run } from "./run.js";
import { openScene } from "./scene.js";

const USAGE = `npm run load -- [--seconds <seconds>] [--example <${examples.join("|")}>]

--seconds  how long the rate is held by each example: 600; at least 10. Its framework without Connect: 120 at most
--example  one of them only; what is written of the others stays
`;

const FOLDER = join(HOME, "../../docs/load");
const FILE = join(FOLDER, "results.json");

const { seconds, chosen } = readOptions();
// Before anything is started: later, its load is our own.
const machine = readMachine();
const results: Partial<Record<Example, Recorded>> = await readResults();
const faults: string[] = [];
for (const example of chosen) {
  let recorded: Recorded;
  try {
    recorded = await record(example);
  } catch (error) {
    // The others are worth their time all the same.
    faults.push(`example-${example}: ${error instanceof Error ? error.message : error}`);
    continue;
  }
  results[example] = recorded;
  await write(results);
  for (const [name, subject] of [
    [`example-${example}`, recorded.example],
    [`${example} without Connect`, recorded.bare],
  ] as const)
    faults.push(...subject.faults.map((fault) => `${name}: ${fault}`));
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stderr.write(`Written to ${FOLDER}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function readOptions(): { seconds: number; chosen: readonly Example[] } {
  try {
    const { values } = parseArgs({
      options: { seconds: { type: "string", default: "600" }, example: { type: "string" } },
    });
    const chosen = examples.filter((name) => values.example === undefined || values.example === name);
    const seconds = Number(values.seconds);
    if (chosen.length === 0) throw new Error("--example names no example");
    if (!Number.isInteger(seconds) || seconds < 10) throw new Error("--seconds is a whole number from 10");
    return { seconds, chosen };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function record(example: Example): Promise<Recorded> {
  const scene = await openScene();
  try {
    const made = await run(example, seconds, scene, (text) => process.stderr.write(`${example}  ${text}\n`));
    return { date: new Date().toISOString(), node: process.versions.node, machine, ...made };
  } finally {
    await scene.close();
  }
}

async function readResults(): Promise<Results> {
  try {
    return JSON.parse(await readFile(FILE, "utf8"));
  } catch {
    return {};
  }
}

async function write(results: Results): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const ordered = Object.fromEntries(examples.map((example) => [example, results[example]]));
  await writeFile(FILE, `${JSON.stringify(ordered, null, 2)}\n`);
  await writeFile(join(FOLDER, "README.md"), renderReport(results));
}
