import { inspect } from "node:util";
import { createStorage, type Driver } from "unstorage";
import { describe, expect, it } from "vitest";
import { type Unstorage, unstorageStore } from "../src/index.js";

/** A store on a driver that holds what a test gives it, and sees what it is asked. */
function setUp(driver: Partial<Driver> = {}) {
  const asked: { key: string; text: string; ttl: unknown }[] = [];
  const items = new Map<string, string>();
  const storage = createStorage({
    driver: {
      hasItem: (key) => items.has(key),
      getItem: (key) => items.get(key) ?? null,
      setItem(key, text, options) {
        asked.push({ key, text, ttl: options.ttl });
        items.set(key, text);
      },
      removeItem: (key) => void items.delete(key),
      getKeys: () => [...items.keys()],
      ...driver,
    },
  });
  const world = { now: 1_000_000 };
  return { asked, items, world, store: unstorageStore(storage, () => world.now) };
}

describe("a store on unstorage", () => {
  it("knows a value's end itself, for drivers that do not", async () => {
    const { store, world, items } = setUp();
    await store.set("key", "value", 1.5);
    world.now += 1_499;
    expect(await store.get("key")).toBe("value");
    world.now += 1;
    expect(await store.get("key")).toBeUndefined();
    expect(items.size).toBe(1);
  });

  it.each([
    [600, 600],
    [600.2, 601],
    [60, 60],
    [59, 60],
    [1, 60],
  ])(
    "tells the driver to keep what counts for %s seconds for %s: whole ones, and a minute at least",
    async (ttl, told) => {
      const { store, asked } = setUp();
      await store.set("key", "value", ttl);
      expect(asked).toMatchObject([{ ttl: told }]);
    },
  );

  it("gives drivers keys that all of them take, and that tell nobody's id", async () => {
    const { store, asked } = setUp();
    await store.set("connect:denied:subject:ada@example.com", "1", 60);
    await store.set("", "1", 60);
    await store.set("é".repeat(32_768), "1", 60);
    const keys = asked.map(({ key }) => key);
    expect(keys).toEqual(Array(3).fill(expect.stringMatching(/^connect:[0-9a-f]{64}$/)));
    expect(new Set(keys).size).toBe(3);
    // The digest is part of what is stored: another one would lose all that was denied before.
    expect(keys[1]).toBe("connect:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it.each([
    ["no JSON", "{"],
    ["a text", '"value"'],
    ["nothing", "null"],
    ["a number", "1"],
    ["a list", '["value", 9e99]'],
    ["a value without an end", '{"value":"value"}'],
    ["a value with an end that is none", '{"value":"value","until":"9e99"}'],
    ["an end without a value", '{"until":9e99}'],
    ["a value that is no text", '{"value":1,"until":9e99}'],
  ])("has nothing where it finds %s", async (_, text) => {
    const { store, items, asked } = setUp();
    await store.set("key", "value", 600);
    items.set(asked[0]?.key ?? "", text);
    expect(await store.get("key")).toBeUndefined();
    await store.set("key", "anew", 600);
    expect(await store.get("key")).toBe("anew");
  });

  it("throws what its driver throws, without the command that was sent", async () => {
    const command = { name: "set", args: ["KEY-OF-USER", "VALUE-OF-USER"] };
    const down = Object.assign(new Error("READONLY"), { command });
    const fail = () => Promise.reject(down);
    const { store } = setUp({ getItem: fail, setItem: fail, removeItem: fail });
    for (const ask of [
      () => store.get("key"),
      () => store.set("key", "value", 1),
      () => store.delete("key"),
    ]) {
      Object.assign(down, { command });
      await expect(ask()).rejects.toBe(down);
      expect(inspect(down)).not.toMatch(/-OF-USER/);
    }
  });

  it.each([
    ["nothing", undefined],
    ["a map", new Map()],
    ["a driver's binding", { get: () => null, put: () => {}, delete: () => {} }],
  ])("is not made of %s", (_, storage) => {
    expect(() => unstorageStore(storage as unknown as Unstorage)).toThrow(
      expect.objectContaining({ code: "invalid_config", reason: expect.stringMatching(/^storage: /) }),
    );
  });
});
