import type { IssuerView, Signer } from "./issuer.js";
import { accepts } from "./tokens.js";

/** Checks one token. A bad one throws or rejects; what a good one gives back is of no interest here. */
export type Verify = (token: string) => unknown;

/** Something that verifies tokens, set up the way its own documentation does. */
export interface Subject {
  readonly name: string;
  /** The packages it is made of; their versions stand in the report. */
  readonly packages: readonly string[];
  /** AuthKit's tokens name no `typ`; some take nothing but the `at+jwt` of RFC 9068. */
  readonly typ?: "at+jwt";
  prepare(issuer: IssuerView): Verify | Promise<Verify>;
}

/** Something that does a part of the work and no more: what a verifier can't be faster than. */
export interface Limit extends Subject {
  readonly isLimit: true;
}

/**
 * Sees to it that a subject does the work it is measured for: good tokens pass, and bad ones don't. Throws where that
 * is not so, and with it ends the run: a number for a verifier that lets anything through would be worth nothing.
 */
export async function admit(subject: Subject, verify: Verify, issuer: Signer): Promise<void> {
  const header = subject.typ === undefined ? {} : { typ: subject.typ };
  const now = Math.floor(Date.now() / 1_000);
  if (!(await accepts(verify, issuer.mint({ header }))))
    throw new Error(`${subject.name} refuses a good token`);
  const good = issuer.mint({ header });
  const bad = {
    "a signature of another token":
      good.slice(0, good.lastIndexOf(".")) + signatureOf(issuer.mint({ header })),
    "an expired token": issuer.mint({ header, claims: { iat: now - 900, exp: now - 600 } }),
    "another issuer": issuer.mint({ header, claims: { iss: "https://other.authkit.app" } }),
    "another audience": issuer.mint({ header, claims: { aud: "https://other.example.com" } }),
    "an unsigned token": issuer.mintWith(() => Buffer.alloc(0), { header: { ...header, alg: "none" } }),
    "a public key as a secret": issuer.mintConfused(),
  };
  for (const [kind, token] of Object.entries(bad))
    if (await accepts(verify, token)) throw new Error(`${subject.name} accepts ${kind}`);
}

function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf("."));
}
