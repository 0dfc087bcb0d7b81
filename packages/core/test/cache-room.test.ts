import { describe, expect, it } from "vitest";
import { TokenCache } from "../src/token/cache.js";
import type { SigningKey } from "../src/token/key-set.js";

const key = { isPublished: true } as SigningKey;

/** A memory at the time 50, which says nothing of its tokens but their own text. */
function createCache(size: number) {
  const cache = new TokenCache<unknown>(size);
  const remember = (token: string, { notBefore = 0, notAfter = 100 } = {}) =>
    cache.set({ token, key, notBefore, notAfter, accessToken: { subject: token } as never });
  const knows = (...tokens: readonly string[]) =>
    tokens.filter((token) => cache.get(token, 50)?.accessToken.subject === token);
  return { cache, remember, knows };
}

/** Tokens with signatures that differ. */
const name = (index: number) => `header.payload.signature${String.fromCharCode(65 + index)}AAAAA`;

describe("a memory for tokens", () => {
  it("holds as many as it may, and one more for one less", () => {
    const { remember, knows } = createCache(3);
    const tokens = [0, 1, 2, 3].map(name);
    for (const token of tokens.slice(0, 3)) remember(token);
    expect(knows(...tokens)).toEqual(tokens.slice(0, 3));
    remember(name(3));
    expect(knows(...tokens)).toHaveLength(3);
  });

  it("forgets what was not used since it last made room, and then goes round again", () => {
    const { remember, knows } = createCache(3);
    const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(name) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    for (const token of [a, b, c]) remember(token);
    // All were used: each may stay for one more round, and the first is the first to go.
    knows(a, b, c);
    remember(d);
    expect(knows(b, c)).toEqual([b, c]);
    remember(e);
    expect(knows(d)).toEqual([]);
    remember(f);
    expect(knows(a, d)).toEqual([]);
    expect(knows(b, c, e, f)).toHaveLength(3);
  });

  it("makes room any number of times, used or not", () => {
    const { remember, knows } = createCache(2);
    for (let round = 0; round < 60; round++) {
      const token = name(round);
      remember(token);
      expect(knows(token)).toEqual([token]);
    }
  });

  it("replaces a token by itself without forgetting another", () => {
    const { remember, knows } = createCache(2);
    remember(name(0));
    remember(name(1));
    remember(name(1));
    expect(knows(name(0), name(1))).toHaveLength(2);
  });

  it("remembers a token from its first second to its last", () => {
    const { cache, remember } = createCache(1);
    remember(name(0), { notBefore: 10, notAfter: 20 });
    expect([9, 10, 19, 20].map((now) => cache.get(name(0), now) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([2, 3, 4, 5, 6])("tells tokens apart that differ in one character, %i from the end", (place) => {
    const { remember, knows } = createCache(10);
    const token = "header.payload.AAAAAAAAAA";
    const at = token.length - place;
    const others = ["B", "Q", "a"].map((one) => token.slice(0, at) + one + token.slice(at + 1));
    for (const one of [token, ...others]) remember(one);
    expect(knows(token, ...others)).toHaveLength(4);
  });
});
