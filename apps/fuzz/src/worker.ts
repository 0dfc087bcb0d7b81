import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { readCorpus, writeCorpus, writeFinding } from "./corpus.js";
import { readCounters } from "./coverage.js";
import { distill, fuzz } from "./fuzzer.js";
import { type Order, type Report, RunLog } from "./order.js";
import { createRandom } from "./random.js";
import { targets } from "./targets/index.js";

const { target: name, seconds, seed, keeps, log: buffer } = workerData as Order;
const target = targets.find((one) => one.name === name);
if (target === undefined) throw new Error(`There is no target ${name}.`);

const log = new RunLog(buffer);
const coverage = readCounters();
const end = Date.now() + seconds * 1_000;
let left: unknown;
process.on("unhandledRejection", (reason) => {
  left = reason;
});

const { inputs, places, finding } = await fuzz({
  target: {
    ...target,
    async run(input) {
      if (left !== undefined) throw left;
      return target.run(input);
    },
  },
  coverage,
  random: createRandom(seed),
  corpus: [...readCorpus(name).values()],
  goesOn(input) {
    log.begin(input);
    return Date.now() < end;
  },
});

let kept: readonly Buffer[] = [];
if (keeps && finding === undefined) {
  kept = await distill(target, coverage, inputs);
  writeCorpus(name, kept);
}
const report: Report = {
  inputs: inputs.length,
  places,
  kept: kept.length,
  finding: finding && `${inspect(finding.error)}\n${writeFinding(name, finding.input)}`,
};
parentPort?.postMessage(report);
