import { alternate, type Contestant, ratio, type Timing } from "../alternation.js";
import type { Subject } from "../subject.js";
import { connect, connectNode, cryptoVerify, jose, peers, subtleVerify } from "../subjects/index.js";
import type { Table } from "../table.js";
import { Arrivals, mintMany } from "../tokens.js";
import { paceOf, prepare, type Setting, verifying } from "./scenario.js";

/** Tokens that nobody has seen, and a process that has seen nothing. */
export async function firstSight(setting: Setting): Promise<readonly Table[]> {
  return [await measureTokens(setting), await measureStarts(setting)];
}

/**
 * So few tokens are remembered that hardly one is found again. A memory that keeps what was useful, and not what came
 * last, would find some of 2,500 tokens in turn if it kept a thousand.
 */
const FORGETFUL = 25;

const COLUMNS = [
  { key: "wall", label: "µs" },
  { key: "cpu", label: "CPU µs" },
  { key: "jose", label: "times as fast as jose" },
  { key: "limit", label: "part of crypto.verify's speed" },
] as const;

async function measureTokens(setting: Setting): Promise<Table> {
  const { issuer, isQuick } = setting;
  const count = isQuick ? 50 : 2_500;
  const tokens = { none: mintMany(issuer, count), "at+jwt": mintMany(issuer, count, "at+jwt") };
  const contestants: Contestant[] = [];
  for (const subject of [
    jose,
    cryptoVerify,
    subtleVerify,
    connect(FORGETFUL),
    connectNode(FORGETFUL),
    ...rest(),
  ]) {
    const verify = await prepare(subject, issuer);
    contestants.push(verifying(subject.name, verify, new Arrivals(tokens[subject.typ ?? "none"])));
  }
  const timings = await alternate(contestants, paceOf(setting, { rounds: 21, turn: 60 }));
  const rows = timings.map((timing) => ({
    subject: timing.name,
    values: {
      wall: timing.wall,
      cpu: timing.cpu,
      jose: faster(timing, timings[0]),
      limit: faster(timing, timings[1]),
    },
  }));
  return {
    id: "first-sight",
    title: "A token seen for the first time",
    note: "Keys are known, every call gets another token. Those with a memory pay for remembering, but forget each token before it comes again.",
    columns: COLUMNS,
    rows,
  };
}

async function measureStarts(setting: Setting): Promise<Table> {
  const { issuer } = setting;
  const contestants: Contestant[] = [];
  for (const subject of [jose, connect(), connectNode(), ...rest()]) {
    await prepare(subject, issuer);
    contestants.push(starting(subject, setting));
  }
  const timings = await alternate(contestants, paceOf(setting, { rounds: 9, turn: 20 }));
  const rows = timings.map((timing) => ({
    subject: timing.name,
    values: { wall: timing.wall, jose: faster(timing, timings[0]) },
  }));
  return {
    id: "cold-start",
    title: "A new verifier and its first token",
    note: "Each time a verifier is made, gets the keys over loopback unless it was given them, and verifies one token.",
    columns: COLUMNS.filter(({ key }) => key === "wall" || key === "jose"),
    rows,
  };
}

function starting(subject: Subject, { issuer }: Setting): Contestant {
  const [token = ""] = mintMany(issuer, 1, subject.typ);
  return {
    name: subject.name,
    async run(times) {
      for (let time = 0; time < times; time += 1) {
        const verify = await subject.prepare(issuer.view);
        await verify(token);
      }
    },
  };
}

function rest(): readonly Subject[] {
  return peers.filter((peer) => peer !== jose);
}

function faster(timing: Timing, than: Timing | undefined): number | string {
  return than === undefined ? "" : 1 / ratio(timing, than);
}
