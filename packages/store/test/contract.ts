import { randomUUID } from "node:crypto";
import type { AtomicStore, Store } from "@connect/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** A store as two users of it see it: through connections of their own, where it has any. */
export interface Opened<S extends Store> {
  readonly store: S;
  readonly other: S;
  close(): unknown;
}

/** Keys and values that a store, or what is below it, might read in a way of its own. */
const ODD_TEXTS: ReadonlyArray<[what: string, text: string]> = [
  ["an empty text", ""],
  ["white space", " \t "],
  ["several lines", "one\ntwo\r\n\0three"],
  ["colons", ":a::b:"],
  ["a path", "../a/./b\\c"],
  ["an address", "https://example.com/a?b=c&d=%20#e"],
  ["every script", "Ångström 名前 😀 \u202e"],
  ["wildcards", "a*b?[c]{d}"],
  ["a number", "0012.50"],
  ["a word of JSON", "null"],
  ["an object", '{"value":"x","until":1}'],
  ["a name that objects have", "__proto__"],
  ["64 KB", "é".repeat(32_768)],
];

/** All would be one for a store that tidies its keys. */
const LOOK_ALIKES = ["a:b", "A:b", "a::b", "a/b", "a\\b", ":a:b", "a:b:", "a:b ", "a:b?c", "a:b?d", "a", "b"];

const LONG = 600;
const SHORT = 0.05;

/** What every store does, whatever is behind it. */
export function describeStore(
  name: string,
  open: () => Promise<Opened<Store>>,
  { skip = false }: { skip?: boolean } = {},
): void {
  describe.skipIf(skip)(name, () => {
    const { at, key } = setUp(open);

    it("has what was set, for everybody, until it is deleted", async () => {
      const name = key();
      expect(await at().store.get(name)).toBeUndefined();
      await at().store.set(name, "value", LONG);
      expect(await at().store.get(name)).toBe("value");
      expect(await at().other.get(name)).toBe("value");
      await at().other.delete(name);
      expect(await at().store.get(name)).toBeUndefined();
      expect(await at().other.get(name)).toBeUndefined();
    });

    it("deletes what is not there without a word", async () => {
      await at().store.delete(key());
    });

    it("forgets a value when its time is over, and no other", async () => {
      const [brief, lasting] = [key(), key()];
      await at().store.set(lasting, "lasting", LONG);
      await at().store.set(brief, "brief", SHORT);
      await eventually(async () => expect(await at().other.get(brief)).toBeUndefined());
      expect(await at().store.get(brief)).toBeUndefined();
      expect(await at().store.get(lasting)).toBe("lasting");
    });

    it("replaces a value, and its time with it", async () => {
      const [longer, shorter, brief] = [key(), key(), key()];
      await at().store.set(longer, "first", SHORT);
      await at().store.set(longer, "second", LONG);
      await at().store.set(shorter, "first", LONG);
      await at().store.set(shorter, "second", SHORT);
      await at().store.set(brief, "brief", SHORT);
      await eventually(async () => {
        expect([await at().store.get(brief), await at().store.get(shorter)]).toEqual([undefined, undefined]);
      });
      expect(await at().store.get(longer)).toBe("second");
    });

    it.each(ODD_TEXTS)("keeps %s as it is, as a value and as a key", async (_, text) => {
      const name = key();
      await at().store.set(name, text, LONG);
      expect(await at().other.get(name)).toBe(text);
      await at().store.set(text, "value", LONG);
      expect(await at().other.get(text)).toBe("value");
      await at().store.delete(text);
      expect(await at().store.get(text)).toBeUndefined();
    });

    it("keeps keys apart that look alike", async () => {
      for (const name of LOOK_ALIKES) await at().store.set(name, `value of ${name}`, LONG);
      const found = await Promise.all(LOOK_ALIKES.map((name) => at().other.get(name)));
      expect(found).toEqual(LOOK_ALIKES.map((name) => `value of ${name}`));
      await at().store.delete("a:b");
      expect(await at().store.get("A:b")).toBe("value of A:b");
    });
  });
}

/** What a store does besides in which one of several writers comes first. */
export function describeAtomicStore(
  name: string,
  open: () => Promise<Opened<AtomicStore>>,
  options: { skip?: boolean } = {},
): void {
  describeStore(name, open, options);

  describe.skipIf(options.skip)(`${name}, where somebody comes first`, () => {
    const { at, key } = setUp(open);

    it("lets exactly one of 50 at once, from two sides, come first: whose value is kept", async () => {
      const name = key();
      const writers = Array.from({ length: 50 }, (_, index) => index);
      const wasKept = await Promise.all(
        writers.map((index) => (index % 2 ? at().store : at().other).setIfAbsent(name, `${index}`, LONG)),
      );
      const winners = writers.filter((index) => wasKept[index]);
      expect(winners).toHaveLength(1);
      expect(await at().store.get(name)).toBe(`${winners[0]}`);
    });

    it("takes a value that was set for one that is there, and one that was deleted for none", async () => {
      const name = key();
      await at().store.set(name, "set", LONG);
      expect(await at().other.setIfAbsent(name, "late", LONG)).toBe(false);
      expect(await at().store.get(name)).toBe("set");
      await at().store.delete(name);
      expect(await at().other.setIfAbsent(name, "first", LONG)).toBe(true);
      expect(await at().store.get(name)).toBe("first");
    });

    it("takes the empty value for one that is there", async () => {
      const name = key();
      expect(await at().store.setIfAbsent(name, "", LONG)).toBe(true);
      expect(await at().other.setIfAbsent(name, "late", LONG)).toBe(false);
      expect(await at().other.get(name)).toBe("");
    });

    it("takes a value whose time is over for none; who came too late did not prolong it", async () => {
      const name = key();
      expect(await at().store.setIfAbsent(name, "first", SHORT)).toBe(true);
      await eventually(async () => {
        expect(await at().other.setIfAbsent(name, "next", LONG)).toBe(true);
      });
      expect(await at().store.get(name)).toBe("next");
    });
  });
}

function setUp<S extends Store>(open: () => Promise<Opened<S>>) {
  let opened: Opened<S>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());
  return { at: () => opened, key: () => `connect:test:${randomUUID()}` };
}

/** Times are real ones here. The bound is for what never happens, not for a busy machine. */
function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 10 });
}
