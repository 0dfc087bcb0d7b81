import { askStore, within } from "../bounds.js";
import { ConnectError, isConnectError } from "../errors.js";
import { memoryStore } from "../memory-store.js";
import type { AtomicStore } from "../ports.js";
import { fingerprint } from "./fingerprint.js";
import type { Seal } from "./seal.js";

/** How long the answer to a completed login is at hand for the same request again (a double click, a reload), in seconds. */
const REMEMBERED = 10;

/** How long it is known that a completion may have happened, in seconds: longer than any `external_auth_id` lives. */
const UNCERTAIN = 900;

/** How long to wait before another look at what another process is doing, in milliseconds. */
const LOOK_AGAIN = 50;

/** How often to look before nobody is at it: who came first may be about to say so. */
const LOOKS = 5;

/** How far the clocks of two processes may differ, in seconds: what is sealed can be opened as long as the store keeps it. */
const SKEW = 60;

/** A login that is under way in this process. */
interface Flight {
  readonly userId: string;
  readonly location: Promise<string>;
  /** Until when it is waited for, by the monotonic clock. Whoever gives it up finds its claim, where it is still at it. */
  readonly end: number;
}

/** Remembers what was done with an `external_auth_id`, so that nothing is done twice. */
export interface Memo {
  /**
   * Runs `complete` for an id once, however many requests ask at the same time: all of one user's get its location, and
   * another user's get `external_auth_session_already_completed`. AuthKit's refusal of an id that it may have completed
   * before, its answer lost, comes out as `completion_outcome_unknown`. Where the first request is never heard of again,
   * the next one takes over, as if the first had been in a process that died.
   */
  once(externalAuthId: string, userId: string, complete: () => Promise<string>): Promise<string>;
  /** The location of a login that this user completed just now, or is completing; `undefined` where there is none. */
  join(externalAuthId: string, userId: string): Promise<string | undefined>;
  /** Whether this is the first use of something that may be used once. */
  use(name: string, seconds: number): Promise<boolean>;
}

/**
 * Makes the memo. What is kept in the store is sealed, under names that tell no id. Where the store fails or hangs, the
 * memory of this process takes its place, and also where it says that somebody came first and nobody did: AuthKit itself
 * completes an id only once, so that nothing is at stake but what a second process could have told a double click.
 *
 * @param timeout how long `complete` may take, in milliseconds
 */
export function createMemo(config: { store: AtomicStore | undefined; seal: Seal; timeout: number }): Memo {
  const { store, seal, timeout } = config;
  const memory = memoryStore();
  const flights = new Map<string, Flight>();
  // Outlives the call itself, so that nobody else starts while it may still be under way.
  const lease = Math.ceil(timeout / 1000) + 2;

  async function lead(
    name: string,
    userId: string,
    complete: () => Promise<string>,
    kept: AtomicStore,
  ): Promise<string> {
    const uncertain = `${name}:uncertain`;
    const wasUncertain = (await kept.get(uncertain)) !== undefined;
    // Before the call: a process that is ended in the middle can't say it afterwards.
    await kept.set(uncertain, "1", UNCERTAIN);
    let location: string;
    try {
      location = await complete();
    } catch (error) {
      if (!wasUncertain && !mayHaveActed(error)) await kept.delete(uncertain);
      await kept.delete(name);
      throw wasUncertain && isSpent(error) ? new ConnectError("completion_outcome_unknown") : error;
    }
    await kept.set(name, await seal.close({ name, userId, location }, REMEMBERED + SKEW), REMEMBERED);
    await kept.delete(uncertain);
    return location;
  }

  /**
   * What another request made of the login, as soon as it is known, or at `end` by the monotonic clock; `undefined` where
   * there is none, it failed, or what is kept is not of this memo's making.
   */
  async function follow(
    name: string,
    userId: string,
    kept: AtomicStore,
    end: number,
  ): Promise<string | undefined> {
    while (true) {
      const value = await kept.get(name);
      const found = value === undefined ? undefined : await seal.open(value);
      // The name is sealed as well, so that no login passes for another.
      if (found?.name !== name) return undefined;
      if (found.userId !== userId) throw new ConnectError("external_auth_session_already_completed");
      if (typeof found.location === "string") return found.location;
      if (performance.now() >= end) return undefined;
      await pause();
    }
  }

  async function leadOrFollow(
    externalAuthId: string,
    userId: string,
    complete: () => Promise<string>,
  ): Promise<string> {
    const kept = withStandIn(store, memory);
    const name = await toName(externalAuthId);
    // Where the store came back meanwhile, it does not know what its stand-in does.
    const known = await follow(name, userId, memory, 0);
    if (known !== undefined) return known;
    const end = toEnd();
    // Another's failed, and this one comes first the next time, or the one after that.
    for (let round = 0; round < 3; round++) {
      const claim = await seal.close({ name, userId }, lease + SKEW);
      if (await kept.setIfAbsent(name, claim, lease)) return lead(name, userId, complete, kept);
      const location = await follow(name, userId, kept, end);
      if (location !== undefined) return location;
    }
    return lead(name, userId, complete, memory);
  }

  /** When whoever was first must be done, by the monotonic clock. */
  function toEnd(): number {
    return performance.now() + (lease + 1) * 1000;
  }

  /** The login that is under way. One that must be done and is not counts no more: nobody waits for it. */
  function findFlight(externalAuthId: string, userId: string): Flight | undefined {
    const flight = flights.get(externalAuthId);
    if (flight === undefined || flight.end <= performance.now()) return undefined;
    if (flight.userId === userId) return flight;
    throw new ConnectError("external_auth_session_already_completed");
  }

  /** What comes of it; `undefined` where it is given up. */
  function awaitFlight({ end, location }: Flight): Promise<string | undefined> {
    return within(end - performance.now(), location, () => undefined);
  }

  function takeOff(externalAuthId: string, userId: string, complete: () => Promise<string>): Promise<string> {
    const location = leadOrFollow(externalAuthId, userId, complete).finally(() => {
      if (flights.get(externalAuthId) === flight) flights.delete(externalAuthId);
    });
    const flight = { userId, location, end: toEnd() };
    flights.set(externalAuthId, flight);
    return location;
  }

  return {
    async once(externalAuthId, userId, complete) {
      // Who takes off does so in the same breath as nobody is found under way: of several that gave one up, one does.
      while (true) {
        const flight = findFlight(externalAuthId, userId);
        const location = await (flight ? awaitFlight(flight) : takeOff(externalAuthId, userId, complete));
        if (location !== undefined) return location;
      }
    },
    async join(externalAuthId, userId) {
      const flight = findFlight(externalAuthId, userId);
      const landed = flight && (await awaitFlight(flight));
      if (landed !== undefined) return landed;
      const kept = withStandIn(store, memory);
      const name = await toName(externalAuthId);
      const end = toEnd();
      for (let look = 1; ; look++) {
        const location = (await follow(name, userId, memory, 0)) ?? (await follow(name, userId, kept, end));
        if (location !== undefined || look === LOOKS) return location;
        await pause();
      }
    },
    use: async (name, seconds) =>
      withStandIn(store, memory).setIfAbsent(`connect:used:${await fingerprint(name)}`, "1", seconds),
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
}

async function toName(externalAuthId: string): Promise<string> {
  return `connect:login:${await fingerprint(externalAuthId)}`;
}

/** Failures after which the login may be complete all the same. */
function mayHaveActed(error: unknown): boolean {
  return (
    isConnectError(error, "completion_outcome_unknown") || isConnectError(error, "invalid_authkit_response")
  );
}

/** What AuthKit says of an id that it completed before. */
function isSpent(error: unknown): boolean {
  return (
    isConnectError(error, "external_auth_session_already_completed") ||
    isConnectError(error, "external_auth_id_not_found")
  );
}

/** The store, and from its first failure on the stand-in. Made for each login, so that the next one tries the store again. */
function withStandIn(store: AtomicStore | undefined, standIn: AtomicStore): AtomicStore {
  if (store === undefined) return standIn;
  let isGone = false;

  const ask = async <T>(step: (of: AtomicStore) => T | Promise<T>): Promise<T> => {
    if (!isGone) {
      try {
        return await askStore(() => step(store));
      } catch {
        isGone = true;
      }
    }
    return step(standIn);
  };

  return {
    // What many clients give for nothing is null, whatever their types say.
    get: (key) => ask(async (of) => (await of.get(key)) ?? undefined),
    set: (key, value, ttl) => ask((of) => of.set(key, value, ttl)),
    setIfAbsent: (key, value, ttl) => ask((of) => of.setIfAbsent(key, value, ttl)),
    delete: (key) => ask((of) => of.delete(key)),
  };
}
