import { KEY_MODES } from "./keys-endpoint.js";
import type { LoadFigure } from "./load.js";
import { type Results, zerosOf } from "./results.js";

/** What people read. */
export function renderReport(results: Results, load: readonly LoadFigure[]): string {
  const { date, duration, seconds, seed, cores, node, logins, faults, keys, inputs, processes, secrets } =
    results;
  const both = (of: (figures: Results["logins"]["plain"]) => number) => of(logins.plain) + of(logins.careful);
  const zeros = zerosOf(results);
  const zeroRows = zeros.map(({ label, count, meaning }) => [
    label,
    count === 0 ? "0" : `**${formatCount(count)}**`,
    meaning,
  ]);
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const tried = Object.values(inputs.kinds).reduce((sum, kind) => sum + kind.tried, 0);
  return `# Reliability

What Connect was put through, and what came of it. This page is written by \`npm run reliability\`, all of it by one run,
which fails where a figure that must be 0 is not.

- ${date.slice(0, 10)}, ${cores} cores, Node ${node}, ${duration} seconds.
- Seed ${seed}. \`npm run reliability -- --seconds ${seconds} --seed ${seed}\` makes the same logins, faults and inputs again.
- The application is a program of its own with Hono and the packages as they are published, ${processes.started} processes in all; AuthKit
  is a server on loopback that misbehaves as told and keeps the truth.

## Must be 0

${table(["", "count", "what it says"], zeroRows)}

## Logins under faults

${table(
  ["", "count", "what it says"],
  [
    [
      "logins begun",
      formatCount(both(({ begun }) => begun)),
      "Half of them where the user is asked first and the login waits in a cookie. People click twice, reload, give up waiting, or open somebody else's link.",
    ],
    [
      "with faults of their own",
      formatCount(both(({ troubled }) => troubled)),
      "One or two of those below; refused connections came to all alike.",
    ],
    ["completed", formatCount(both(({ completed }) => completed)), "The browser arrived at AuthKit."],
    [
      "unnoticed",
      formatCount(both(({ unnoticed }) => unnoticed)),
      "Had a fault of their own, and were completed at the first opening.",
    ],
    [
      "lost by a fault",
      formatCount(both(({ lostByFault }) => lostByFault)),
      "AuthKit had completed the login, and its answer was lost, late or of no use, or the user was away for ten seconds. Nobody can save these; the user is told to start again.",
    ],
  ],
)}

${formatCount(injected)} faults:

${table(
  ["fault", "times"],
  Object.entries(faults).map(([label, count]) => [label, formatCount(count)]),
)}

## Keys under faults

${table(
  ["", "count", "what it says"],
  [
    [
      "verifiers",
      formatCount(keys.starts),
      "Each a process of its own, whose clock jumps up to 80 minutes at a time.",
    ],
    [
      "changes at the keys' address",
      formatCount(keys.changes),
      `${KEY_MODES.length} states: all well, slow, somebody else's keys, and ${KEY_MODES.length - 3} in which there are none: ${KEY_MODES.slice(3).join(", ")}.`,
    ],
    [
      "rotations",
      formatCount(keys.rotations),
      "AuthKit took its key back and published another, also while nobody could fetch it.",
    ],
    ["good tokens accepted", formatCount(keys.goodAccepted), "With keys at hand, or the last good ones."],
    [
      "good tokens answered 503",
      formatCount(keys.goodUnavailable),
      "The keys could not be had, and the client is told to come again.",
    ],
    [
      "good tokens answered 401",
      formatCount(keys.goodUnseen),
      "The verifier had looked within the last ten seconds, and their key was not there: it had just been rotated, or somebody else's keys were. It looks no more often, so that nobody can make it.",
    ],
    [
      "bad tokens tried",
      formatCount(keys.badTried),
      "Forged, expired, meant for others, or of a withdrawn key.",
    ],
  ],
)}

## Bad inputs

${formatCount(tried)} through the real application, and ${formatCount(inputs.good)} good ones between them. An input that
was changed and is good all the same, in the eyes of those who judge it, is no wrong accept.

${table(
  ["kind", "tried", "wrong accepts"],
  Object.entries(inputs.kinds).map(([kind, { tried: count, accepted }]) => [
    kind,
    formatCount(count),
    formatCount(accepted),
  ]),
)}

## Secrets

${formatCount(secrets.known)} secrets (the API key, the cookies' secret, tokens and what is in them, ids, user ids, e-mail addresses, names,
session cookies, proofs, resume cookies, AuthKit's codes) were searched for in ${formatCount(secrets.lines)} printed lines, ${formatCount(secrets.errors)} errors and ${formatCount(processes.answers)} answers.${renderFound(secrets.found)}

## Load

${renderLoad(load)}

All numbers: [reliability.json](reliability.json).
`;
}

function renderFound(found: Results["secrets"]["found"]): string {
  return Object.entries(found)
    .map(([name, count]) => `\n\n**${name}: ${formatCount(count)}**`)
    .join("");
}

function renderLoad(load: readonly LoadFigure[]): string {
  if (load.length === 0) return "`npm run load` has not been run.";
  const rows = load.map(({ example, rate, seconds, requests, errors }) => [
    example,
    `${formatCount(rate)}/s for ${formatCount(seconds)} s`,
    formatCount(requests),
    formatCount(errors),
  ]);
  return `As \`npm run load\` last measured it: [the examples under load](load/README.md).

${table(["example", "held", "requests", "errors"], rows)}`;
}

function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 || head[column] === "what it says" ? "---" : "--:"));
  return [line(head), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}
