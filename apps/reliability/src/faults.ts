import type { Random } from "./random.js";

/** Something that goes wrong with one call of the completion API. */
export interface Fault {
  readonly kind: FaultKind;
  /** Whether AuthKit completes the login all the same. */
  readonly acts: boolean;
}

/** How each is told in the report, whether AuthKit completes the login before it, and how often it is drawn. */
export const FAULTS = {
  unread: { label: "reset before the request was read", acts: "never", weight: 2 },
  reset: { label: "reset after the request was read", acts: "either", weight: 2 },
  slowHeaders: { label: "slow headers", acts: "always", weight: 3 },
  slowBody: { label: "slow body", acts: "always", weight: 3 },
  silent: { label: "no answer until the time is up", acts: "either", weight: 1 },
  stalled: { label: "half an answer until the time is up", acts: "always", weight: 1 },
  truncated: { label: "an answer cut off", acts: "always", weight: 1 },
  oversized: { label: "an answer without end", acts: "always", weight: 1 },
  html: { label: "200 with a page of somebody else's", acts: "never", weight: 2 },
  noRedirect: { label: "200 without redirect_uri", acts: "always", weight: 1 },
  untrusted: { label: "200 with an untrusted redirect_uri", acts: "always", weight: 1 },
  moved: { label: "301 to another host", acts: "never", weight: 2 },
  limited: { label: "status 429", acts: "never", weight: 3 },
  limitedShortly: { label: "status 429, Retry-After: 1", acts: "never", weight: 2 },
  limitedForLong: { label: "status 429, Retry-After: 60", acts: "never", weight: 1 },
  unavailable: { label: "status 503", acts: "never", weight: 3 },
  unavailableShortly: { label: "status 503, Retry-After: 1", acts: "never", weight: 2 },
  unavailableForLong: { label: "status 503, Retry-After: 60", acts: "never", weight: 1 },
  broken: { label: "status 500", acts: "either", weight: 1 },
  badGateway: { label: "status 502", acts: "either", weight: 1 },
  gatewayTimeout: { label: "status 504", acts: "either", weight: 1 },
  unauthorized: { label: "status 401", acts: "never", weight: 1 },
  spent: { label: '400, "already completed", where it is not', acts: "never", weight: 2 },
  unknown: { label: "status 404", acts: "never", weight: 2 },
} as const;

export type FaultKind = keyof typeof FAULTS;

const DRAWN = (Object.keys(FAULTS) as FaultKind[]).flatMap((kind) =>
  Array.from({ length: FAULTS[kind].weight }, () => kind),
);

/** Whether AuthKit says itself to come again, and so asks for the calls that follow. */
export function isInvitation(kind: FaultKind | undefined): boolean {
  return kind !== undefined && /^(limited|unavailable)/.test(kind);
}

export function drawFault(random: Random): Fault {
  const kind = random.pick(DRAWN);
  const { acts } = FAULTS[kind];
  return { kind, acts: acts === "always" || (acts === "either" && random.chance(0.3)) };
}

/** Addresses that are not AuthKit's. */
export const ELSEWHERE = [
  "https://evil.example/",
  "http://127.0.0.1:9/oauth2/authorize/complete",
  "http://127.0.0.1.evil.example/",
  "javascript:alert(1)",
  "//evil.example/path",
  "/oauth2/authorize/complete",
  "",
] as const;
