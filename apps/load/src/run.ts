import type { Example } from "e2e/example";
import { arrive } from "./arrivals.js";
import { Client } from "./client.js";
import { hold, type Plan, planOf } from "./hold.js";
import { findHighestRate, type Step, toStep } from "./ladder.js";
import type { Scene } from "./scene.js";
import { endingOf, type ServerProcess } from "./server-process.js";
import { signIn } from "./sessions.js";
import { judge, type Subject } from "./subject.js";
import { Tally } from "./tally.js";
import { Traffic } from "./traffic.js";

/** One example under load, and its framework without Connect. */
export interface Run {
  /** The highest rate that the example held, in requests a second. */
  readonly highest: number;
  readonly steps: readonly Step[];
  readonly example: Subject;
  readonly bare: Subject;
}

/**
 * How much of the highest rate is held for long. What is held for seconds is not held for minutes: nearer to the edge, one
 * pause makes a queue that takes its time to go, and the latency is the queue's.
 */
export const PART = 0.5;

/** How long a step of the search takes, in seconds, and what goes before the first. */
const STEP = 3;
const WARM_UP = { rate: 100, seconds: 15 };

/** What is known of the framework by then does not change: it is there for its latency, and only Connect's memory is in question. */
const BARE_SECONDS = 120;

export async function run(
  example: Example,
  seconds: number,
  scene: Scene,
  say: (text: string) => void,
): Promise<Run> {
  const server = await scene.startExample(example);
  const sessions = await signIn(server);
  const traffic = new Traffic(scene.authkit, scene.supply, sessions);
  const { highest, steps } = await climb(server, traffic, say);
  const plan = planOf(Math.round(highest * PART), seconds);
  say(`holding ${plan.rate}/s for ${seconds} s`);
  const own = await observe(server, traffic, plan, example, say);
  say("the same without Connect");
  const bareTraffic = new Traffic(scene.authkit, scene.supply, sessions);
  const barePlan = planOf(plan.rate, Math.min(seconds, BARE_SECONDS));
  const bare = await observe(await scene.startBare(example), bareTraffic, barePlan, example, say);
  return { highest, steps, example: own, bare };
}

async function climb(server: ServerProcess, traffic: Traffic, say: (text: string) => void) {
  const client = new Client(server.port);
  const steps: Step[] = [];
  try {
    await arrive(WARM_UP, traffic, client, new Tally());
    const highest = await findHighestRate(async (rate) => {
      const tally = new Tally();
      await arrive({ rate, seconds: STEP }, traffic, client, tally);
      const step = toStep(rate, tally.read());
      steps.push(step);
      say(`${rate}/s  p99 ${step.p99.toFixed(1)} ms${step.isHeld ? "" : "  not held"}`);
      return step;
    });
    return { highest, steps };
  } finally {
    client.close();
  }
}

/** Holds the rate, ends the server, and judges both. Says how it goes once a minute. */
async function observe(
  server: ServerProcess,
  traffic: Traffic,
  plan: Plan,
  example: Example,
  say: (text: string) => void,
): Promise<Subject> {
  let minute = 0;
  const held = await hold(plan, server, traffic, (elapsed, { requests, errors, latency }, { heap, rss }) => {
    if (Math.floor(elapsed / 60) === minute) return;
    minute = Math.floor(elapsed / 60);
    const faults = Object.values(errors).reduce((sum, count) => sum + count, 0);
    say(
      `${minute} min  ${requests} requests, ${faults} errors, p99 ${latency.all.p99.toFixed(1)} ms, heap ${toMegabytes(heap)} MB, RSS ${toMegabytes(rss)} MB`,
    );
  });
  return judge(held, await server.stop(), endingOf(example));
}

function toMegabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
