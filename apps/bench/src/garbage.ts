import { randomBytes, randomUUID } from "node:crypto";
import type { Signer } from "./issuer.js";
import type { Subject } from "./subject.js";

/** A way in which a token can be bad. */
export interface GarbageKind {
  readonly key: string;
  readonly label: string;
  /** Whether it shows before the signature is looked at. */
  readonly isTold: boolean;
  make(issuer: Signer, typ: Subject["typ"]): string;
}

/**
 * Where it can be, the signature is good: a verifier that looks at the signature first pays for it, and one that does
 * not look at the rest at all is found out.
 */
export const GARBAGE: readonly GarbageKind[] = [
  told("expired", "expired", (now) => ({ claims: { iat: now - 900, exp: now - 600 } })),
  told("iss", "other issuer", () => ({ claims: { iss: "https://other.authkit.app" } })),
  told("aud", "other audience", () => ({ claims: { aud: "https://other.example.com" } })),
  // Further away than any run lasts.
  told("nbf", "not yet valid", (now) => ({ claims: { nbf: now + 86_400 } })),
  told("exp", "never expires", () => ({ claims: { exp: undefined } })),
  told("alg", "unknown alg", () => ({ header: { alg: "RS1" } })),
  told("none", "alg none", () => ({ header: { alg: "none" } })),
  told("hmac", "alg HS256", () => ({ header: { alg: "HS256" } })),
  told("crit", "crit", () => ({ header: { crit: ["exp"] } })),
  told("kid", "unknown kid", () => ({ header: { kid: randomUUID() } })),
  {
    key: "length",
    label: "short signature",
    isTold: true,
    make: (issuer, typ) => issuer.mintWith(() => randomBytes(64), withTyp({}, typ)),
  },
  {
    key: "parts",
    label: "two parts",
    isTold: true,
    make: (issuer, typ) => issuer.mint(withTyp({}, typ)).split(".").slice(0, 2).join("."),
  },
  {
    key: "json",
    label: "no JSON",
    isTold: true,
    make: () => [60, 400, 256].map((size) => randomBytes(size).toString("base64url")).join("."),
  },
  {
    key: "junk",
    label: "100 kB of junk",
    isTold: true,
    make: () => randomBytes(50_000).toString("hex"),
  },
  {
    key: "large",
    label: "100 kB in three parts",
    isTold: true,
    make: () => [25_000, 25_000, 25_000].map((size) => randomBytes(size).toString("base64url")).join("."),
  },
  {
    key: "signature",
    label: "bad signature",
    isTold: false,
    make: (issuer, typ) => {
      const [header, payload] = issuer.mint(withTyp({}, typ)).split(".");
      return `${header}.${payload}.${issuer.mint().split(".")[2]}`;
    },
  },
];

type Changes = NonNullable<Parameters<Signer["mint"]>[0]>;

function told(key: string, label: string, changes: (now: number) => Changes): GarbageKind {
  return {
    key,
    label,
    isTold: true,
    make: (issuer, typ) => issuer.mint(withTyp(changes(Math.floor(Date.now() / 1_000)), typ)),
  };
}

function withTyp(changes: Changes, typ: Subject["typ"]): Changes {
  return typ === undefined ? changes : { ...changes, header: { typ, ...changes.header } };
}
