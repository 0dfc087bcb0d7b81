import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { writeFinding } from "./corpus.js";
import { type Order, type Report, RunLog } from "./order.js";
import { targets } from "./targets/index.js";

const NAMES = targets.map(({ name }) => name);

const USAGE = `npm run fuzz -- [--target <name>] [--seconds <seconds>] [--seed <number>] [--keep]

--target   one of ${NAMES.join(", ")}; without it all, one after the other
--seconds  how long for each (60)
--seed     repeats a run, as far as time lets it (the time of day)
--keep     puts what got somewhere new into the corpus, as few and as short inputs as can be

What core does not stand goes into the corpus, where the tests find it until core does.
`;

/** No input takes a hundredth of this, in milliseconds: it is for what never ends. */
const STANDSTILL = 10_000;

const options = readOptions();
if (options.help) process.stdout.write(USAGE);
else for (const target of options.targets) await run(target);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        target: { type: "string" },
        seconds: { type: "string", default: "60" },
        seed: { type: "string", default: String(Date.now() % 2 ** 31) },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const { target, help, keep } = values;
    if (target !== undefined && !NAMES.includes(target)) throw new Error(`There is no target ${target}.`);
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
    if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error("--seconds and --seed are numbers.");
    return { targets: target === undefined ? NAMES : [target], seconds, seed, keep, help };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Fuzzes one target in a thread of its own, which can be ended where it does not end by itself. */
async function run(target: string): Promise<void> {
  const log = new RunLog();
  const { seconds, seed, keep } = options;
  const order: Order = { target, seconds, seed, keeps: keep, log: log.buffer };
  const worker = new Worker(new URL("worker.js", import.meta.url), { workerData: order });
  const { inputs, places, kept, finding } = await new Promise<Report>((resolve, reject) => {
    let runs = -1;
    const watch = setInterval(() => {
      if (log.runs === runs) {
        const path = writeFinding(target, log.input);
        resolve({ inputs: 0, places: 0, kept: 0, finding: `It does not end.\n${path}` });
      }
      runs = log.runs;
    }, STANDSTILL);
    worker.once("message", resolve).once("error", reject);
    worker.once("exit", () => clearInterval(watch));
  });
  await worker.terminate();
  const said = `${target}: ${log.runs} runs, ${inputs} inputs, ${places} places reached, ${kept} kept, seed ${seed}`;
  process.stdout.write(`${said}\n${finding === undefined ? "" : `\n${finding}\n\n`}`);
  if (finding !== undefined) process.exitCode = 1;
}
