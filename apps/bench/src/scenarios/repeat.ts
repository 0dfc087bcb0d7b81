import { alternate, type Contestant, type Pace, ratio } from "../alternation.js";
import type { Limit, Subject } from "../subject.js";
import {
  connect,
  connectGuard,
  connectNode,
  fastJwtCached,
  freshString,
  jose,
  mapGet,
  peers,
} from "../subjects/index.js";
import type { Table } from "../table.js";
import { Arrivals, mintMany, verifyAll, zipfOrder } from "../tokens.js";
import { paceOf, prepare, type Setting, verifying } from "./scenario.js";

const COLUMNS = [
  { key: "wall", label: "µs" },
  { key: "cpu", label: "CPU µs" },
  { key: "jose", label: "times as fast as jose" },
] as const;

/** The same token again and again, as a client sends it for minutes; and many clients, each with its own. */
export async function repeat(setting: Setting): Promise<readonly Table[]> {
  const { issuer, isQuick } = setting;
  const many = mintMany(issuer, isQuick ? 50 : 10_000);
  const kept = isQuick ? 5 : 1_000;
  const rememberAll = many.length * 2;
  const rest = peers.filter((peer) => peer !== jose);
  return [
    await measure(setting, {
      id: "repeat-one",
      title: "One token, again and again",
      note: "Every call gets a string of its own, as from a socket. Those without a memory verify the token anew.",
      subjects: [jose, connect(), connectGuard, fastJwtCached(1_000), mapGet, freshString, ...rest],
      pace: { rounds: 15, turn: 40 },
      arrivals: (typ) => new Arrivals(mintMany(issuer, 1, typ)),
    }),
    await measure(setting, {
      id: "repeat-many",
      title: "10,000 tokens in turn, all remembered",
      note: "Every token was seen once before; memories are large enough for all of them.",
      subjects: [jose, connect(rememberAll), fastJwtCached(rememberAll), mapGet, freshString],
      pace: { rounds: 15, turn: 60 },
      arrivals: () => new Arrivals(many),
      seen: many.length,
    }),
    await measure(setting, {
      id: "repeat-zipf",
      title: "10,000 tokens, some busier than others, 1,000 remembered",
      note: "The busiest token comes twice as often as the second (Zipf's law), so memories miss the rare ones. Map.get forgets nothing.",
      subjects: [jose, connect(kept), connectNode(kept), fastJwtCached(kept), mapGet, freshString],
      pace: { rounds: 15, turn: 60 },
      arrivals: () => new Arrivals(many, zipfOrder(many.length, many.length * 10)),
      seen: many.length,
    }),
  ];
}

interface Plan {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** The first is what the others are compared with. */
  readonly subjects: readonly (Subject | Limit)[];
  readonly pace: Pace;
  /** How many arrivals go by before any counts, for those that may remember. */
  readonly seen?: number;
  arrivals(typ: Subject["typ"]): Arrivals;
}

async function measure(setting: Setting, plan: Plan): Promise<Table> {
  const { id, title, note, subjects, seen = 0 } = plan;
  const contestants: Contestant[] = [];
  for (const subject of subjects) {
    const verify = await prepare(subject, setting.issuer);
    const arrivals = plan.arrivals(subject.typ);
    if (subject !== jose) await verifyAll(verify, arrivals, seen);
    contestants.push(verifying(subject.name, verify, arrivals));
  }
  const timings = await alternate(contestants, paceOf(setting, plan.pace));
  const [reference] = timings;
  const rows = timings.map((timing) => ({
    subject: timing.name,
    values: {
      wall: timing.wall,
      cpu: timing.cpu,
      jose: reference === undefined ? "" : 1 / ratio(timing, reference),
    },
  }));
  return { id, title, note, columns: COLUMNS, rows };
}
