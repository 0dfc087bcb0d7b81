import type { RawAnswer } from "@connect/adapter-contract/attack-list";
import { type Finding, findingsOf } from "./finding.js";

/** What came of one attack. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** Whether the attacks that are left would show nothing. */
  readonly isLast: boolean;
}

/** What attacks of a subject are judged by. */
export interface Bench {
  readonly subject: string;
  /** Sends a request with nothing special about it. */
  readonly sendPlain: () => Promise<RawAnswer | undefined>;
}

interface Attempt {
  readonly what: string;
  /** Whether a server may refuse it without a word, as what is no HTTP. */
  readonly mayHangUp: boolean;
  readonly judge: (answer: RawAnswer) => Finding[];
}

/** Judges an attack by its answer. Where there is none, or one that says nothing of it, that is said instead. */
export async function judgeAttack(
  answer: RawAnswer | undefined,
  { what, mayHangUp, judge }: Attempt,
  { subject, sendPlain }: Bench,
): Promise<Verdict> {
  const { failure } = findingsOf(subject);
  if (isAnswered(answer)) {
    if (!answer.statuses.includes(429)) return { findings: judge(answer), isLast: false };
    const seen = `Requests are limited (429), at the latest since: ${what}. What would follow shows nothing.`;
    const todo = "Let all requests of this machine pass, and attack again.";
    return { findings: [failure("limited", seen, todo)], isLast: true };
  }
  if (!isAnswered(await sendPlain())) {
    const todo = "Look whether the application still runs, and at its log.";
    return { findings: [failure("gone", `Nobody answers any more, since: ${what}.`, todo)], isLast: true };
  }
  const todo = "Look at the application's log: it broke, or hangs.";
  return { findings: mayHangUp ? [] : [failure("silent", `Not answered: ${what}.`, todo)], isLast: false };
}

export function isAnswered(answer: RawAnswer | undefined): answer is RawAnswer {
  return answer !== undefined && answer.statuses.length > 0;
}

export function statusOf(answer: RawAnswer | undefined): number | "nothing" {
  return answer?.statuses[0] ?? "nothing";
}
