import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { HOME } from "./home.js";
import { readLoad } from "./load.js";
import { renderReport } from "./report.js";
import { zerosOf } from "./results.js";
import { run } from "./run.js";

const USAGE = `npm run reliability -- [--seconds <number>] [--seed <text>] [--out <folder>]

--seconds  about how long all of it takes on two cores; the amounts follow from it. Default 240
--seed     what chance is made of; the same seed and seconds repeat a run. Default: a new one
--out      where reliability.md and reliability.json are written. Default: docs, for runs of at least 120 seconds
`;

const DOCS = join(HOME, "../../docs");

const { seconds, seed, out } = readOptions();
process.stderr.write(`seed ${seed}\n`);
const results = await run({ seconds, seed, say: (text) => process.stderr.write(`${text}\n`) });
const report = renderReport(results, await readLoad(join(DOCS, "load/results.json")));
const folder = out ?? (seconds >= 120 ? DOCS : undefined);
if (folder === undefined) process.stdout.write(report);
else {
  await writeFile(join(folder, "reliability.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(folder, "reliability.md"), report);
  process.stderr.write(`written to ${resolve(folder)}\n`);
}
for (const { label, count } of zerosOf(results)) {
  if (count === 0) continue;
  process.stderr.write(`${label}: ${count}, must be 0\n`);
  process.exitCode = 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: "string", default: "240" },
        seed: { type: "string", default: randomBytes(4).toString("hex") },
        out: { type: "string" },
      },
    });
    const seconds = Number(values.seconds);
    if (!(seconds >= 1 && seconds <= 3_600)) throw new Error("--seconds must be from 1 to 3600");
    return { ...values, seconds };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
