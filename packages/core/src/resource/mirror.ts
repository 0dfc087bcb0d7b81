import { ConnectError } from "../errors.js";
import type { MetadataEvent } from "../events.js";
import { getJson } from "../get-json.js";
import type { Clock, Fetch } from "../ports.js";

/** No authorization server's metadata is near this size, in bytes. */
const MAX_BYTES = 65_536;
/** An attempt is over after this time, in milliseconds, even where it was not heard of again. */
const ATTEMPT = 5_000;
/** How long a document is good without asking again. */
const FRESH = 600_000;
/** How long the last good one stands in where AuthKit can't be asked. It rarely changes, and an old one still works. */
const STALE = 3_600_000;
/** How long a failed attempt stands before the next one: a client's impatience is not passed on to AuthKit. */
const PAUSE = 10_000;

/**
 * AuthKit's OAuth metadata (RFC 8414), for clients that look for it at the resource itself. The text is given on as it
 * came, but only where it is `issuer`'s own (section 3.3): anybody else's would send clients to another login. Gives the
 * text, or throws `metadata_unavailable` (reason `timeout`, `network`, `status`, `json` or `issuer`).
 */
export function createMirror(
  issuer: string,
  fetch: Fetch,
  clock: Clock,
  emit: ((event: MetadataEvent) => void) | undefined,
): () => Promise<string> {
  const url = `${issuer}/.well-known/oauth-authorization-server`;
  let good: { readonly text: string; readonly at: number } | undefined;
  let failure: { readonly reason: string; readonly at: number } | undefined;
  let attempt: { readonly since: number; readonly ended: Promise<void> } | undefined;

  /** Whether less than this time has passed; not where the clock was set back, which would keep a moment for long. */
  const isWithin = (span: number, at: number | undefined, now: number) =>
    at !== undefined && at <= now && now < at + span;

  async function tryOnce(): Promise<void> {
    const begun = performance.now();
    const document = await getJson(url, fetch, MAX_BYTES);
    const ms = performance.now() - begun;
    const isOurs =
      document.reason === undefined && "issuer" in document.json && document.json.issuer === issuer;
    if (isOurs) {
      good = { text: document.text, at: clock() };
      emit?.({ type: "metadata.refreshed", ms });
    } else {
      const reason = document.reason ?? "issuer";
      failure = { reason, at: clock() };
      emit?.({ type: "metadata.failed", reason, ms });
    }
  }

  async function refresh(now: number): Promise<void> {
    // One attempt for all who ask meanwhile. Some runtimes drop what a request began when its client hangs up: an
    // attempt that should have ended is waited for no longer.
    if (attempt === undefined || !isWithin(ATTEMPT, attempt.since, now)) {
      attempt = { since: now, ended: tryOnce() };
    }
    await attempt.ended;
  }

  return async () => {
    const asked = clock();
    if (!isWithin(FRESH, good?.at, asked) && !isWithin(PAUSE, failure?.at, asked)) await refresh(asked);
    if (good !== undefined && isWithin(STALE, good.at, clock())) return good.text;
    throw new ConnectError("metadata_unavailable", { reason: failure?.reason, retryAfter: PAUSE / 1000 });
  };
}
