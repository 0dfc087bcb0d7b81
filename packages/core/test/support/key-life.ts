/** A key as a set publishes it: whose name it has, and which pair it really is. */
export interface PublishedKey {
  readonly kid: string;
  readonly pair: number;
}

/** What the world is like: the time in milliseconds, and what the endpoint serves; `undefined` while it is down. */
export interface World {
  now: number;
  published: readonly PublishedKey[] | undefined;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * How long keys serve, said once more: they are young for eight minutes, good for ten, and in an outage for an hour
 * more. A failing endpoint is left alone for ten seconds, and so it is with keys that nobody knows. There is no waiting
 * here: each step is over before the next.
 */
export class KeyLife {
  /** The keys as they are known. An object stays the same for as long as its key is published without a break. */
  keys: readonly PublishedKey[] = [];
  attempts = 0;
  readonly #world: World;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #attemptedAt = Number.NEGATIVE_INFINITY;
  #searchedAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The key that a token names, or the verdict where there is none. */
  find(kid: string | undefined): PublishedKey | string {
    const age = this.#since(this.#fetchedAt);
    const isLeftAlone = this.#isFailing && this.#since(this.#attemptedAt) < 10 * SECOND;
    const isRenewed = age >= 8 * MINUTE && !isLeftAlone;
    const isWaitedFor = age >= 10 * MINUTE && !(this.#isFailing && age < 70 * MINUTE);
    if (isRenewed && isWaitedFor) this.#load();
    if (this.isTooOld) return "jwks_unavailable";
    const old = this.#match(kid);
    const isOnTheSide = isRenewed && !isWaitedFor;
    if (isOnTheSide) this.#load();
    if (old !== undefined) return old;
    const wasJustSeen = isRenewed && isWaitedFor && !this.#isFailing;
    if (!wasJustSeen && this.#since(this.#searchedAt) >= 10 * SECOND) {
      this.#searchedAt = this.#world.now;
      if (!isOnTheSide) this.#load();
    }
    return this.#match(kid) ?? (this.#isFailing ? "jwks_unavailable" : "invalid_token: kid");
  }

  /** Whether not even an outage lets the keys serve any longer. */
  get isTooOld(): boolean {
    return this.#since(this.#fetchedAt) >= 70 * MINUTE;
  }

  #load(): void {
    this.attempts += 1;
    this.#attemptedAt = this.#world.now;
    const { published } = this.#world;
    // A set without a key is an outage.
    this.#isFailing = published === undefined || published.length === 0;
    if (published === undefined || this.#isFailing) return;
    this.keys = published.map((key) => this.keys.find((one) => isSame(one, key)) ?? { ...key });
    this.#fetchedAt = this.#world.now;
  }

  /** Without a name there must be no choice. */
  #match(kid: string | undefined): PublishedKey | undefined {
    const [key, ...others] = this.keys.filter((one) => kid === undefined || one.kid === kid);
    return others.length === 0 ? key : undefined;
  }

  /** A clock that went back makes everything old. */
  #since(time: number): number {
    return this.#world.now < time ? Number.POSITIVE_INFINITY : this.#world.now - time;
  }
}

function isSame(one: PublishedKey, other: PublishedKey): boolean {
  return one.kid === other.kid && one.pair === other.pair;
}
