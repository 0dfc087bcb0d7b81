import type { Contestant, Pace } from "../alternation.js";
import type { Signer } from "../issuer.js";
import { admit, type Limit, type Subject, type Verify } from "../subject.js";
import type { Table } from "../table.js";
import { type Arrivals, verifyAll } from "../tokens.js";

/** What a scenario has to work with. */
export interface Setting {
  readonly issuer: Signer;
  /** Just enough to see that all of it works. The numbers mean nothing then. */
  readonly isQuick: boolean;
  /** Told from time to time that work that takes long goes on. */
  onProgress(): void;
}

export type Scenario = (setting: Setting) => Promise<readonly Table[]>;

/** Sets a subject up, and sees to it that it verifies. */
export async function prepare(subject: Subject | Limit, issuer: Signer): Promise<Verify> {
  const verify = await subject.prepare(issuer.view);
  if (!("isLimit" in subject)) await admit(subject, verify, issuer);
  return verify;
}

/** Who takes its turns by verifying what arrives. */
export function verifying(name: string, verify: Verify, arrivals: Arrivals): Contestant {
  return { name, run: (times) => verifyAll(verify, arrivals, times) };
}

export function paceOf({ isQuick }: Setting, pace: Pace): Pace {
  return isQuick ? { rounds: 2, turn: 1 } : pace;
}
