import { randomBytes, randomUUID } from "node:crypto";
import { type Issuer, startIssuer } from "../issuer.js";
import { type StillClock, stopClock } from "../still-clock.js";
import type { Subject, Verify } from "../subject.js";
import {
  awsJwtVerify,
  clerk,
  connect,
  expressOauth2JwtBearer,
  fastJwtGetJwks,
  honoJwk,
  jose,
  jsonwebtokenJwksRsa,
  mcpBearerAuth,
  oauth4webapi,
} from "../subjects/index.js";
import type { Row, Table } from "../table.js";
import { accepts, mintMany } from "../tokens.js";
import { prepare, type Setting } from "./scenario.js";

const SUBJECTS: readonly Subject[] = [
  connect(),
  jose,
  fastJwtGetJwks,
  awsJwtVerify,
  oauth4webapi,
  expressOauth2JwtBearer,
  honoJwk,
  jsonwebtokenJwksRsa,
  clerk,
  mcpBearerAuth,
];

/** How many requests a server handles at a time. */
const CONCURRENCY = 16;

/** It waits some seconds between attempts, for each token; one by one that would take a quarter of an hour. */
const ALL_AT_ONCE: ReadonlySet<Subject> = new Set([clerk]);

/** After this, nobody still holds off because of the last fetch, and nobody's keys are old. In milliseconds. */
const PAST_COOLDOWN = 60_000;

/** Older than anybody takes keys for fresh, in milliseconds. */
const PAST_FRESHNESS = 30 * 60_000;

/** What verifiers ask of the issuer: at a start, by strangers' will, and while it can't answer. */
export async function keyFetches(setting: Setting): Promise<readonly Table[]> {
  // One of its own, in this process: it counts.
  const issuer = await startIssuer();
  const rows: Row[] = [];
  try {
    for (const subject of SUBJECTS) {
      await prepare(subject, issuer);
      rows.push({ subject: subject.name, values: await count(subject, issuer, setting) });
      setting.onProgress();
    }
  } finally {
    await issuer.close();
  }
  return [
    {
      id: "key-fetches",
      title: "Key fetches",
      note: "Requests that reached a key server on loopback, 16 tokens at a time (all at once for @clerk/backend, which waits between its attempts), while the clock stands still. Unknown kids come a minute after the keys did. The endpoint fails with 503, first for a verifier without keys; then half an hour after it got them, which is past everybody's idea of fresh.",
      columns: [
        { key: "starts", label: "64 tokens at once, no keys yet" },
        { key: "kids", label: "10,000 unknown kids" },
        { key: "failing", label: "2,000 tokens, endpoint fails" },
        { key: "served", label: "good tokens served of 200, in an outage" },
      ],
      rows,
    },
  ];
}

async function count(subject: Subject, issuer: Issuer, { isQuick }: Setting): Promise<Row["values"]> {
  const good = mintMany(issuer, isQuick ? 64 : 200, subject.typ);
  const clock = stopClock();
  try {
    return {
      starts: await fetchesOf(issuer, async () => {
        const verify = await subject.prepare(issuer.view);
        await Promise.all(good.slice(0, 64).map((token) => accepts(verify, token)));
      }),
      kids: await fetchesAfterWarmUp(
        subject,
        issuer,
        clock,
        strangers(subject, issuer, isQuick ? 50 : 10_000),
      ),
      failing: await failingFetches(subject, issuer, repeatTo(good, isQuick ? 50 : 2_000)),
      served: await servedInOutage(subject, issuer, clock, good),
    };
  } finally {
    issuer.setAnswering(true);
    clock.restore();
  }
}

/** Tokens of nobody: the verifier can't know before it has asked for the key. */
function strangers({ typ }: Subject, issuer: Issuer, amount: number): readonly string[] {
  return Array.from({ length: amount }, () =>
    issuer.mintWith(() => randomBytes(256), {
      header: { kid: randomUUID(), ...(typ === undefined ? {} : { typ }) },
    }),
  );
}

async function fetchesAfterWarmUp(
  subject: Subject,
  issuer: Issuer,
  clock: StillClock,
  tokens: readonly string[],
): Promise<number> {
  const verify = await warmUp(subject, issuer);
  clock.forward(PAST_COOLDOWN);
  return fetchesOf(issuer, () => present(subject, verify, tokens));
}

async function failingFetches(subject: Subject, issuer: Issuer, tokens: readonly string[]): Promise<number> {
  const verify = await subject.prepare(issuer.view);
  issuer.setAnswering(false);
  const fetches = await fetchesOf(issuer, () => present(subject, verify, tokens));
  issuer.setAnswering(true);
  return fetches;
}

async function servedInOutage(
  subject: Subject,
  issuer: Issuer,
  clock: StillClock,
  tokens: readonly string[],
): Promise<number> {
  const verify = await warmUp(subject, issuer);
  clock.forward(PAST_FRESHNESS);
  issuer.setAnswering(false);
  const served = await present(subject, verify, tokens);
  issuer.setAnswering(true);
  return served;
}

async function warmUp(subject: Subject, issuer: Issuer): Promise<Verify> {
  const verify = await subject.prepare(issuer.view);
  const [token = ""] = mintMany(issuer, 1, subject.typ);
  if (!(await accepts(verify, token))) throw new Error(`${subject.name} refuses a good token`);
  return verify;
}

async function fetchesOf(issuer: Issuer, work: () => Promise<unknown>): Promise<number> {
  issuer.takeFetches();
  await work();
  return issuer.takeFetches();
}

/** Presents tokens as a busy server gets them, and tells how many were accepted. */
async function present(subject: Subject, verify: Verify, tokens: readonly string[]): Promise<number> {
  let accepted = 0;
  const left = tokens.values();
  const length = ALL_AT_ONCE.has(subject) ? tokens.length : CONCURRENCY;
  const lanes = Array.from({ length }, async () => {
    for (const token of left) if (await accepts(verify, token)) accepted += 1;
  });
  await Promise.all(lanes);
  return accepted;
}

function repeatTo(tokens: readonly string[], amount: number): readonly string[] {
  return Array.from({ length: amount }, (_, index) => tokens[index % tokens.length] ?? "");
}
