import type { AccessToken } from "./claims.js";
import type { SigningKey } from "./key-set.js";

/** A token that was found good, and until when that holds. */
export interface CachedToken<Claims> {
  readonly token: string;
  readonly key: SigningKey;
  /** Seconds since the epoch, the tolerance included: the token counts in `notBefore <= now < notAfter`. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly accessToken: AccessToken<Claims>;
}

interface Slot<Claims> extends CachedToken<Claims> {
  /** Settled. Handed out as it is, so that a hit makes nothing. */
  readonly result: Promise<AccessToken<Claims>>;
  wasUsed: boolean;
}

/**
 * Remembers tokens that were verified, so that the next request with the same one costs a comparison of strings. Only
 * good tokens in their one spelling get in, at most `size` of them.
 */
export class TokenCache<Claims> {
  readonly #size: number;
  readonly #slots = new Map<number, Slot<Claims>>();
  #hand: IterableIterator<[number, Slot<Claims>]> = this.#slots.entries();

  constructor(size: number) {
    this.#size = size;
  }

  /** What is known of this very token, if it still holds at `now` (seconds since the epoch). */
  get(token: string, now: number): Pick<Slot<Claims>, "accessToken" | "result"> | undefined {
    const slot = this.#slots.get(indexOf(token));
    // The index only finds the place. That it is the same token, the comparison of all its characters says.
    if (slot === undefined || slot.token !== token) return undefined;
    if (!slot.key.isPublished || now >= slot.notAfter || now < slot.notBefore) return undefined;
    slot.wasUsed = true;
    return slot;
  }

  set(entry: CachedToken<Claims>): void {
    if (this.#size === 0) return;
    const index = indexOf(entry.token);
    if (!this.#slots.has(index) && this.#slots.size >= this.#size) this.#evict();
    const { token, key, notBefore, notAfter, accessToken } = entry;
    const result = Promise.resolve(accessToken);
    // Member by member: objects that are spread have no shape in common, and each hit would pay for it.
    this.#slots.set(index, { token, key, notBefore, notAfter, accessToken, result, wasUsed: false });
  }

  /** The hand of a clock goes round: what was used since it last came by may stay for another round. */
  #evict(): void {
    for (;;) {
      const step = this.#hand.next();
      if (step.done) {
        this.#hand = this.#slots.entries();
        continue;
      }
      const [index, slot] = step.value;
      if (!slot.wasUsed) {
        this.#slots.delete(index);
        return;
      }
      slot.wasUsed = false;
    }
  }
}

/**
 * Thirty bits out of the signature, which is as good as random: V8 would hash the whole token to use it as a key. Two
 * tokens that meet in one place push each other out, no more.
 */
function indexOf(token: string): number {
  const end = token.length;
  return (
    (token.charCodeAt(end - 2) & 63) |
    ((token.charCodeAt(end - 3) & 63) << 6) |
    ((token.charCodeAt(end - 4) & 63) << 12) |
    ((token.charCodeAt(end - 5) & 63) << 18) |
    ((token.charCodeAt(end - 6) & 63) << 24)
  );
}
