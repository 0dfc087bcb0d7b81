import type { ConnectError } from "../errors.js";
import type { Attempt, LoginEvent } from "../events.js";
import type { LoginOutcome } from "../outcome.js";
import { createKeyedFingerprint } from "./keyed-fingerprint.js";

/** Tells what becomes of one visit, or of one call of `login.complete`. */
export interface LoginReport {
  /** Says which login it is about, before anything but a failure is told. */
  identify(externalAuthId: string): Promise<void>;
  started(): void;
  attempted(attempt: Attempt): void;
  completed(): void;
  failed(error: ConnectError): void;
  ended(outcome: LoginOutcome): void;
}

/** Makes a report for each visit; `undefined` where nobody is told. */
export function createReporter(
  emit: ((event: LoginEvent) => void) | undefined,
  apiKey: string,
): (() => LoginReport) | undefined {
  if (emit === undefined) return undefined;
  const toFingerprint = createKeyedFingerprint(apiKey, "events");

  return () => {
    const begun = performance.now();
    // Empty as long as nobody knows.
    let login = "";
    const elapsed = () => performance.now() - begun;

    const report: LoginReport = {
      async identify(externalAuthId) {
        login = await toFingerprint(externalAuthId);
      },
      started: () => emit({ type: "login.started", login }),
      attempted: (attempt) => emit({ type: "completion.attempted", login, ...attempt }),
      completed: () => emit({ type: "login.completed", login, ms: elapsed() }),
      failed: ({ code, reason }) =>
        emit({ type: "login.failed", login: login || undefined, code, reason, ms: elapsed() }),
      ended(outcome) {
        if (outcome.type === "confirmation") emit({ type: "login.asked", login, ms: elapsed() });
        else if (outcome.type === "failure" || outcome.to === "fallback") report.failed(outcome.error);
        else if (outcome.to === "authkit") report.completed();
        else emit({ type: "login.redirected", login, to: outcome.to, ms: elapsed() });
      },
    };
    return report;
  };
}
