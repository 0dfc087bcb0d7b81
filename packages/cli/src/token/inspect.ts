import { relative } from "./duration.js";
import type { Peek } from "./peek.js";

/** What may be told of a token: names, kinds and times, and no value that says whose it is. */
export interface Inspection {
  /** The algorithm where it is a known one. */
  readonly algorithm: string;
  readonly kind: "access token" | "ID token" | "logout token" | "unknown";
  readonly header: readonly string[];
  readonly claims: readonly string[];
  /** Of each claim that is a time: where it lies from now. */
  readonly times: Readonly<Record<string, string>>;
}

/** Names of claims and header members that stand in specifications or in AuthKit's documentation. */
const ALGORITHMS: ReadonlySet<unknown> = new Set(
  ["RS", "PS", "ES", "HS"]
    .flatMap((family) => ["256", "384", "512"].map((size) => family + size))
    .concat("EdDSA", "none"),
);

const TIMES = ["iat", "nbf", "exp", "auth_time"] as const;

/** @param now seconds since the epoch */
export function inspect({ header, claims }: Peek, now: number): Inspection {
  const times = TIMES.filter((name) => Number.isFinite(claims[name]));
  return {
    algorithm: ALGORITHMS.has(header.alg) ? String(header.alg) : "none that is known",
    kind: kindOf(header, claims),
    header: Object.keys(header).sort(),
    claims: Object.keys(claims).sort(),
    times: Object.fromEntries(times.map((name) => [name, relative(Number(claims[name]), now)])),
  };
}

/** As core tells them apart. */
function kindOf(header: Peek["header"], claims: Peek["claims"]): Inspection["kind"] {
  if (typeof header.typ === "string" && header.typ.toLowerCase() === "logout+jwt") return "logout token";
  if (["nonce", "at_hash", "c_hash"].some((name) => Object.hasOwn(claims, name))) return "ID token";
  return Object.hasOwn(claims, "iss") && Object.hasOwn(claims, "exp") ? "access token" : "unknown";
}
