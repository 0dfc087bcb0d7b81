/** What one look brought. */
export interface Finding {
  /** A name that stays, for scripts: `keys.size`. */
  readonly check: string;
  /** `failure`: does not work or lets somebody in. `warning`: works, and will cost somebody time. `info`: no opinion. */
  readonly status: "ok" | "info" | "warning" | "failure";
  /** What was seen, in a sentence. Names variables and addresses, never a key, id or token. */
  readonly seen: string;
  /** What to do, where something is to be done. */
  readonly todo?: string;
}

/** Makes the findings of a subject: `const { ok, failure } = findingsOf("keys")`. */
export function findingsOf(subject: string) {
  const make =
    (status: Finding["status"]) =>
    (check: string, seen: string, todo?: string): Finding => ({
      check: `${subject}.${check}`,
      status,
      seen,
      ...(todo === undefined ? {} : { todo }),
    });
  return { ok: make("ok"), info: make("info"), warning: make("warning"), failure: make("failure") };
}

/** Where one rule is either kept or broken. */
export function rule(kept: boolean, good: Finding, bad: Finding): Finding {
  return kept ? good : bad;
}
