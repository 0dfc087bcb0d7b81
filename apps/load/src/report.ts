import { formatNumber, type Grid, renderMarkdown } from "bench";
import { type Example, examples } from "e2e/example";
import { CONNECTIONS, TIMEOUT } from "./client.js";
import { KINDS, type Kind, SHARES } from "./kinds.js";
import { BOUND } from "./ladder.js";
import type { Recorded, Results } from "./results.js";
import { PART } from "./run.js";
import { LONG, type Subject } from "./subject.js";
import type { Trend } from "./trend.js";

const NAMES: Readonly<Record<Example, string>> = { hono: "Hono", fastify: "Fastify", next: "Next.js" };

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  repeat: "a token that came before",
  new: "a new token",
  garbage: "a bad token",
  metadata: "the resource's metadata",
  login: "a login",
};

/** What people read. */
export function renderReport(results: Results): string {
  const runs = examples.flatMap((example) => {
    const recorded = results[example];
    return recorded === undefined ? [] : [{ name: NAMES[example], ...recorded }];
  });
  const mix = KINDS.map((kind) => `${SHARES[kind]} % ${KIND_NAMES[kind]}`).join(", ");
  return `# Under load

How one process of each example bears mixed traffic for ten minutes, beside its framework without Connect. This page is
written by \`npm run load\`, and the numbers of an example come from one run of that command.

${runs.map(summary).join("\n")}

## Answers

${renderMarkdown(answerGrid(runs))}

99 of 100 were answered within so many milliseconds:

${renderMarkdown(kindGrid(runs))}

## Memory

${renderMarkdown(memoryGrid(runs))}

## How it was measured

- The traffic: ${mix}.
  Each answer is checked, by its status and by what it says: each token has a user of its own, whom the answer must
  name, and each login must lead on to where AuthKit sent it. Anything else, no answer in ${TIMEOUT / 1_000} seconds included, is an error.
- AuthKit, in a process of its own, publishes its keys and takes each completion once, for the right user, with the API
  key. New tokens are new: they are signed during the run, in a thread of the load's.
- Requests are sent when they are due, answered or not, over at most ${CONNECTIONS} connections, and their time counts from when they were
  due. "Sent late" is what of it the load itself is to blame for.
- The highest rate is the last that was held in steps of a few seconds: no error, and 99 of 100 answers within
  ${BOUND} ms. ${PART * 100} % of it is held for long; without Connect, for two minutes at most. A fifth of that, two minutes at most, is warm-up, of which only the errors count.
- Without Connect: the same framework and the same requests, for routes that answer the same and verify nothing. They believe a
  header that names the caller, and complete a login by a plain \`fetch\`. The examples do more than that beside Connect:
  they read a session and a database for each login, and log each refusal.
- Memory is read every few seconds while the traffic pauses for a moment, the heap after a collection of its garbage.
  First and last are the means of the first and the last third of the readings; growth is by the line that fits all of them best.
  From ${LONG / 60} minutes on, the run fails where memory grows far beyond noise, and at any length where there was an error.
- At the end all clients go; "left" is what the process then waits for besides new clients. Then it gets SIGTERM. "By itself" means that no socket, timer or listener was left
  for its process to wait for; Next.js ends itself by design, with code 143.

\`\`\`sh
npm run load                                  # all of it: some 45 minutes
npm run load -- --example hono --seconds 30   # one example, shorter
\`\`\`

All numbers, every reading included: [results.json](results.json).
`;
}

interface Named extends Recorded {
  readonly name: string;
}

function summary({ name, date, machine, node, highest, steps, example, bare }: Named): string {
  const faults = [
    ...example.faults,
    ...bare.faults.map((fault) => `without Connect: ${fault}`),
    ...steps.flatMap(({ rate, errors }) =>
      Object.entries(errors).map(([fault, count]) => `at ${rate}/s: ${fault}: ${count}`),
    ),
  ];
  const quiet = machine.load < 0.5 ? "a quiet machine" : "others were at work on the machine";
  const short = example.plan.seconds < LONG ? " A short run: it says little of memory." : "";
  return `- **${name}** held ${formatNumber(highest)} requests a second at most, and ${formatNumber(example.plan.rate)} for ${formatNumber(example.plan.seconds)} seconds: ${
    faults.length === 0 ? "no error." : `**${faults.join("; ")}.**`
  }${short} ${machine.processor}, ${machine.cores} cores for the server, AuthKit and the load together, ${machine.system}; Node ${node};
  ${date.slice(0, 10)}; load ${machine.load.toFixed(1)} before: ${quiet}.`;
}

function answerGrid(runs: readonly Named[]): Grid {
  const head = ["", "requests", "errors", "p50, ms", "p99, ms", "longest, ms", "sent late, p99, ms"];
  return [
    [...head, "CPU for 1,000, ms"],
    ...rowsOf(runs, ({ counts, warmUpErrors, cpu }) => [
      formatNumber(counts.requests),
      String(sum(Object.values(counts.errors)) + sum(Object.values(warmUpErrors))),
      formatNumber(counts.latency.all.p50),
      formatNumber(counts.latency.all.p99),
      formatNumber(counts.latency.all.max),
      formatNumber(counts.lateness.p99),
      formatNumber(cpu),
    ]),
  ];
}

function kindGrid(runs: readonly Named[]): Grid {
  return [
    ["", ...KINDS.map((kind) => KIND_NAMES[kind])],
    ...rowsOf(runs, ({ counts }) => KINDS.map((kind) => formatNumber(counts.latency[kind].p99))),
  ];
}

function memoryGrid(runs: readonly Named[]): Grid {
  return [
    [
      "",
      "heap, first to last, MB",
      "growth, MB",
      "growth, bytes a request",
      "RSS, first to last, MB",
      "growth, MB",
      "left: sockets, timers",
      "end",
    ],
    ...rowsOf(runs, ({ heap, rss, counts, left, ending }) => [
      span(heap),
      megabytes(heap.growth),
      formatNumber(heap.growth / counts.requests),
      span(rss),
      megabytes(rss.growth),
      `${left.sockets}, ${left.timers}`,
      `${ending.how}, ${formatNumber(Math.round(ending.took))} ms`,
    ]),
  ];
}

/** Two rows for each run: the example's, and that of its framework. */
function rowsOf(runs: readonly Named[], cells: (subject: Subject) => readonly string[]): Grid {
  return runs.flatMap(({ name, example, bare }) => [
    [`${name}, the example`, ...cells(example)],
    [`${name} without Connect`, ...cells(bare)],
  ]);
}

function span({ first, last }: Trend): string {
  return `${megabytes(first)} to ${megabytes(last)}`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
