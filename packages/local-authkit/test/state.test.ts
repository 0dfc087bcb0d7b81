import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

import { openJournal, StoreError } from "../src/journals.js";
import { type Change, type Journal, State } from "../src/state.js";

/** A journal of the test's own. It fails as long as `isDown`. */
class MemoryJournal implements Journal {
  readonly kept = new Map<string, Required<Change>>();
  isDown = false;

  async *load() {
    yield* this.kept.values();
  }

  async write(changes: readonly Change[]) {
    await Promise.resolve();
    if (this.isDown) throw new Error("down");
    for (const { collection, key, entry } of changes) {
      const name = `${collection} ${key}`;
      if (entry) this.kept.set(name, structuredClone({ collection, key, entry }));
      else this.kept.delete(name);
    }
  }

  async close() {}
}

it("what is settled is there again for the next process, in its order and for as long as it had", async () => {
  let now = 1000;
  const journal = new MemoryJournal();
  const before = await State.open(() => now, journal);
  const letters = before.collection<string>("letters");
  for (const letter of ["c", "a", "b"]) letters.set(letter, letter.toUpperCase());
  letters.set("short", "SHORT", 10);
  letters.set("gone", "GONE");
  letters.delete("gone");
  letters.update("a", "changed");
  before.collection("numbers").set("a", 1);
  await before.settled();

  const after = await State.open(() => now, journal);
  expect(after.collection("letters").values()).toEqual(["C", "changed", "B", "SHORT"]);
  expect(after.collection("numbers").values()).toEqual([1]);
  after.collection("letters").set("d", "D");
  now += 10_000;
  expect(after.collection("letters").values()).toEqual(["C", "changed", "B", "D"]);
});

it("a change is settled once it is kept, also where a write was under way", async () => {
  const journal = new MemoryJournal();
  const state = await State.open(Date.now, journal);
  const numbers = state.collection<number>("numbers");
  numbers.set("a", 1);
  const first = state.settled();
  numbers.set("b", 2);
  numbers.set("a", 3);
  await state.settled();
  expect([...journal.kept.values()].map(({ entry }) => entry.value)).toEqual([3, 2]);
  await first;
});

it("what could not be kept is told of, and kept with the next change", async () => {
  const journal = new MemoryJournal();
  const state = await State.open(Date.now, journal);
  const numbers = state.collection<number>("numbers");
  journal.isDown = true;
  numbers.set("a", 1);
  numbers.set("b", 1);
  await expect(state.settled()).rejects.toThrow("down");
  expect(numbers.get("a")).toBe(1);
  numbers.set("a", 2);
  journal.isDown = false;
  await state.settled();
  expect([...journal.kept.values()].map(({ entry }) => entry.value)).toEqual([2, 1]);
});

it("a folder keeps it, and lets one process in", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-authkit-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const journal = await openJournal(`file:${folder}/state`);
  await expect(openJournal(`file:${folder}/state`)).rejects.toThrow(StoreError);
  await expect(openJournal(`file:${folder}/state`)).rejects.toThrow("another local AuthKit has it open");
  const state = await State.open(Date.now, journal);
  state.collection("letters").set("a b\nc", { nested: ["é"] });
  await state.close();
  const again = await State.open(Date.now, await openJournal(`file:${folder}/state`));
  expect(again.collection("letters").get("a b\nc")).toEqual({ nested: ["é"] });
  await again.close();
});

it("a Redis that isn't there is said to be, without its address", async () => {
  const failure = await openJournal("redis://:the-password@127.0.0.1:1").catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StoreError);
  expect(String(failure)).toContain("Redis cannot be reached");
  expect(String(failure)).not.toContain("the-password");
});
