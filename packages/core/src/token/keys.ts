import { startDeadline } from "../bounds.js";
import { verifierError } from "../errors.js";
import type { TokenEvent } from "../events.js";
import { getJson } from "../get-json.js";
import type { Algorithm, Clock, Fetch, KeysCache } from "../ports.js";
import { invalidToken } from "./jwt.js";
import { parseKeySet, type SigningKey } from "./key-set.js";

/** How long keys are taken as they are, in milliseconds; from four fifths of it on they are fetched anew on the side. */
const MAX_AGE = 10 * 60_000;

/** How long after an attempt no other is made for the same reason, in milliseconds. Failures count. */
const COOLDOWN = 10_000;

/** How long a cache of keys is waited for, in milliseconds: fetching them takes no longer. */
const CACHE_TIMEOUT = 2_000;

/** A set of 64 keys with their certificates stays below this size, in bytes. */
const MAX_BYTES = 262_144;

/** What a cache says, where it does so in time. It is a convenience: without it, keys are fetched. */
async function consult<T>(step: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await startDeadline(CACHE_TIMEOUT).within(Promise.resolve(step()));
  } catch {
    return undefined;
  }
}

/** What {@link createKeys} needs to know. */
export interface KeysConfig {
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** How long after they should have been renewed the last good keys still serve, in milliseconds. */
  readonly maxStale: number;
  readonly cache: KeysCache | undefined;
  readonly emit?: ((event: TokenEvent) => void) | undefined;
}

/** The issuer's keys. */
export interface Keys {
  /**
   * The key that a token names; at once where it is known and young. Throws `invalid_token` (reason `kid`) where the issuer has no such key, and
   * `jwks_unavailable` where it can't be told.
   */
  find(kid: string | undefined, algorithm: Algorithm): SigningKey | Promise<SigningKey>;
  /**
   * Whether the keys are young enough to go by what was verified with them before. Renews them on the side where it is
   * time: a remembered token asks for no key, and would never see its own withdrawn.
   *
   * @param now milliseconds since the epoch
   */
  areServing(now: number): boolean;
}

/**
 * Keeps the issuer's keys: one fetch however many ask; one attempt per cooldown while the endpoint fails, and one for
 * keys that nobody knows; the last good keys for a bounded time in an outage.
 */
export function createKeys({ url, fetch, clock, maxStale, cache, emit }: KeysConfig): Keys {
  let keys: readonly SigningKey[] = [];
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let searchedAt = Number.NEGATIVE_INFINITY;
  let isFailing = false;
  let refreshing: Promise<void> | undefined;
  let restoring: Promise<void> | undefined;

  /** Milliseconds since then. A clock that went back makes everything old: better fetched once too often than never. */
  function since(time: number, now = clock()): number {
    return now < time ? Number.POSITIVE_INFINITY : now - time;
  }

  /** Fetches the keys, together with whoever is fetching already. Whether it went well, `isFailing` tells. */
  function refresh(): Promise<void> {
    // Some runtimes drop what a request began when its client hangs up: after its time an attempt is waited for no more.
    if (refreshing === undefined || since(attemptedAt) >= COOLDOWN) {
      const attempt = load().finally(() => {
        if (refreshing === attempt) refreshing = undefined;
      });
      // Not all who begin one wait for it; those who do hear of it.
      attempt.catch(() => {});
      refreshing = attempt;
    }
    return refreshing;
  }

  async function load(): Promise<void> {
    attemptedAt = clock();
    const begun = performance.now();
    const document = await getJson(url, fetch, MAX_BYTES);
    isFailing = document.reason !== undefined || !replace(document.json, attemptedAt);
    const ms = performance.now() - begun;
    if (isFailing) emit?.({ type: "jwks.failed", reason: document.reason ?? "keys", ms });
    else emit?.({ type: "jwks.refreshed", keys: keys.length, ms });
    if (isFailing || cache === undefined) return;
    const stored = { jwks: { keys: keys.map((key) => key.jwk) }, uat: fetchedAt };
    await consult(() => cache.write(stored));
  }

  function replace(json: unknown, at: number): boolean {
    const next = parseKeySet(json, keys);
    if (next === undefined) return false;
    for (const key of keys) key.isPublished = next.includes(key);
    keys = next;
    fetchedAt = at;
    return true;
  }

  async function restore(): Promise<void> {
    const stored = cache && (await consult(() => cache.read()));
    // However old: whether they still serve is looked at each time that they are asked for. Without an age it would never end.
    if (Number.isFinite(stored?.uat)) replace(stored?.jwks, Number(stored?.uat));
  }

  function find(kid: string | undefined, algorithm: Algorithm): SigningKey | Promise<SigningKey> {
    const key = since(fetchedAt) < MAX_AGE * 0.8 ? match(kid, algorithm) : undefined;
    return key ?? search(kid, algorithm);
  }

  async function search(kid: string | undefined, algorithm: Algorithm): Promise<SigningKey> {
    restoring ??= restore();
    await restoring;
    const isCurrent = await renew();
    if (since(fetchedAt) >= MAX_AGE + maxStale) throw verifierError("jwks_unavailable");
    const key = match(kid, algorithm);
    if (key !== undefined) return key;
    // It may be new. Whoever just waited for the set has seen that it is not in there.
    if (!isCurrent && since(searchedAt) >= COOLDOWN) {
      searchedAt = clock();
      await refresh();
    } else {
      await refreshing;
    }
    const newKey = match(kid, algorithm);
    if (newKey !== undefined) return newKey;
    throw isFailing ? verifierError("jwks_unavailable") : invalidToken("kid");
  }

  /** Sees to it that the keys are young enough, as far as that can be. Tells whether they were fetched for this call. */
  async function renew(): Promise<boolean> {
    const age = since(fetchedAt);
    if (age < MAX_AGE * 0.8 || (isFailing && refreshing === undefined && since(attemptedAt) < COOLDOWN))
      return false;
    const fetching = refresh();
    // While old keys still serve, only the first refresh that comes too late is worth waiting for.
    if (age < MAX_AGE || (isFailing && age < MAX_AGE + maxStale)) return false;
    await fetching;
    return !isFailing;
  }

  function areServing(now: number): boolean {
    const age = since(fetchedAt, now);
    if (age < MAX_AGE * 0.8) return true;
    const isServing = age < MAX_AGE || (isFailing && age < MAX_AGE + maxStale);
    // Where they are not, whoever looks for a key renews them.
    if (isServing) renew().catch(() => {});
    return isServing;
  }

  /** Without a `kid` the token must leave no choice. */
  function match(kid: string | undefined, algorithm: Algorithm): SigningKey | undefined {
    const key = keys.find((candidate) => candidate.fits(kid, algorithm));
    return keys.some((candidate) => candidate !== key && candidate.fits(kid, algorithm)) ? undefined : key;
  }

  return { areServing, find };
}
