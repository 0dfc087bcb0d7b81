import { alternate, type Contestant, ratio, type Timing } from "../alternation.js";
import { GARBAGE } from "../garbage.js";
import { headersOfSize } from "../hostile-headers.js";
import type { Subject } from "../subject.js";
import { connect, connectGuard, connectNode, peers } from "../subjects/index.js";
import type { Row, Table } from "../table.js";
import { Arrivals, accepts, mintMany, refuseAll } from "../tokens.js";
import { paceOf, prepare, type Setting, verifying } from "./scenario.js";

/** What strangers send, who need no key to do so. */
export async function garbage(setting: Setting): Promise<readonly Table[]> {
  return [await measureTokens(setting), await measureHeaders(setting)];
}

/** Good tokens are to be verified, not to be remembered. */
const FORGETFUL = 10;

const VALID = "valid";

/** Says of a subject that it lets this kind through. */
export const ACCEPTED = "accepted";

async function measureTokens(setting: Setting): Promise<Table> {
  const rows: Row[] = [];
  for (const subject of [connect(FORGETFUL), connectNode(FORGETFUL), ...peers])
    rows.push(await measureSubject(subject, setting));
  return {
    id: "garbage",
    title: "Bad tokens",
    note: "The cost of refusing each kind, as a part of what the same verifier needs for a good token that it sees for the first time.",
    columns: [{ key: VALID, label: "good token, µs" }, ...GARBAGE],
    rows,
  };
}

async function measureSubject(subject: Subject, setting: Setting): Promise<Row> {
  const { issuer, isQuick } = setting;
  const verify = await prepare(subject, issuer);
  const good = new Arrivals(mintMany(issuer, isQuick ? 20 : 1_500, subject.typ));
  const contestants: Contestant[] = [verifying(VALID, verify, good)];
  const values: Record<string, number | string> = {};
  for (const { key, make } of GARBAGE) {
    const tokens = Array.from({ length: isQuick ? 2 : 50 }, () => make(issuer, subject.typ));
    if (await accepts(verify, tokens[0] ?? "")) {
      values[key] = ACCEPTED;
      continue;
    }
    const bad = new Arrivals(tokens);
    contestants.push({ name: key, run: (times) => refuseAll(verify, bad, times) });
  }
  const timings = await alternate(contestants, paceOf(setting, { rounds: 9, turn: 8 }));
  const [valid] = timings;
  for (const timing of timings) values[timing.name] = valid === timing ? timing.wall : costOf(timing, valid);
  return { subject: subject.name, values };
}

function costOf(timing: Timing, valid: Timing | undefined): number | string {
  return valid === undefined ? "" : ratio(timing, valid);
}

const HEADER_SIZE = 16_384;

async function measureHeaders(setting: Setting): Promise<Table> {
  const rows: Row[] = [];
  for (const subject of [connectGuard, ...peers]) {
    const verify = await prepare(subject, setting.issuer);
    let worst = { cpu: 0, label: "" };
    for (const { label, credentials } of headersOfSize(HEADER_SIZE, setting.issuer)) {
      const contestant: Contestant = {
        name: label,
        // Some take a token with spaces behind it for the token. That is no fault; here only the time counts.
        async run(times) {
          const arrivals = new Arrivals([credentials]);
          for (let time = 0; time < times; time += 1) await accepts(verify, arrivals.take());
        },
      };
      const [timing] = await alternate([contestant], paceOf(setting, { rounds: 3, turn: 2 }));
      if (timing !== undefined && timing.cpu > worst.cpu) worst = { cpu: timing.cpu, label };
    }
    rows.push({ subject: subject.name, values: { cpu: worst.cpu / 1_000, label: worst.label } });
  }
  return {
    id: "headers",
    title: "An Authorization header of 16 kB",
    note: "The CPU time of the shape that costs most, out of those that are known to keep parsers busy.",
    columns: [
      { key: "cpu", label: "CPU ms" },
      { key: "label", label: "the costliest shape" },
    ],
    rows,
  };
}
