import { describe, expect, it } from "vitest";
import { memoryStore } from "../src/index.js";

describe("a store in memory", () => {
  it("keeps the first of two values that may only be there once, and tells which it was", () => {
    const store = memoryStore();
    expect(store.setIfAbsent("key", "first", 60)).toBe(true);
    expect(store.setIfAbsent("key", "second", 60)).toBe(false);
    expect(store.get("key")).toBe("first");
    store.delete("key");
    expect(store.setIfAbsent("key", "third", 60)).toBe(true);
    expect(store.get("key")).toBe("third");
  });

  it("takes a value whose time is over for none", () => {
    let now = 1_000;
    const store = memoryStore(() => now);
    store.setIfAbsent("key", "first", 60);
    now += 59_999;
    expect(store.setIfAbsent("key", "second", 60)).toBe(false);
    now += 1;
    expect(store.get("key")).toBeUndefined();
    expect(store.setIfAbsent("key", "second", 60)).toBe(true);
  });

  it("replaces a value, and its time with it", () => {
    let now = 1_000;
    const store = memoryStore(() => now);
    store.set("key", "first", 60);
    now += 30_000;
    store.set("key", "second", 60);
    now += 59_999;
    expect(store.get("key")).toBe("second");
  });
});
