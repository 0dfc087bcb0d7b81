import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { KeysCache } from "../src/index.js";
import { SigningKey } from "../src/token/key-set.js";
import { createKeys, type KeysConfig } from "../src/token/keys.js";
import { JWKS, NOW } from "./support/issuer.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = NOW * SECOND;
const GOOD = () => Response.json(JWKS);
const NEW = () => Response.json({ keys: JWKS.keys.map((key) => ({ ...key, kid: `new-${key.kid}` })) });
const BAD = () => new Response(null, { status: 500 });

/** Keys that were fetched at the start, with the clock and each answer from then on in the test's hands. */
async function createWorld(config: Partial<KeysConfig> = {}) {
  const world = { now: START };
  const waiting: Array<(answer: Response) => void> = [];
  let first: Response | undefined = GOOD();
  const fetch = vi.fn(async () => {
    if (first === undefined) return new Promise<Response>((resolve) => waiting.push(resolve));
    const answer = first;
    first = undefined;
    return answer;
  });
  const keys = createKeys({
    url: "https://keys.example.com",
    fetch,
    clock: () => world.now,
    maxStale: 60 * MINUTE,
    cache: undefined,
    ...config,
  });
  const find = (kid = "rsa-1") => Promise.resolve(keys.find(kid, "RS256"));
  await find();

  /** Whether it is there without any answer of the endpoint's. */
  async function isWaitedFor(result: Promise<unknown>): Promise<boolean> {
    let isThere = false;
    result
      .catch(() => {})
      .finally(() => {
        isThere = true;
      });
    await turn();
    await turn();
    return !isThere;
  }

  /** Answers the oldest fetch that waits, and lets it sink in. */
  async function answer(response: Response): Promise<void> {
    waiting.shift()?.(response);
    await turn();
    await turn();
  }

  /** At this age the endpoint is asked and fails. */
  async function failAt(age: number): Promise<void> {
    world.now = START + age;
    const found = find().catch(() => {});
    await turn();
    await answer(BAD());
    await found;
  }

  return { world, keys, fetch, find, isWaitedFor, answer, failAt };
}

describe("keys, asked for by a token,", () => {
  it("are there at once and left alone for eight minutes, and then renewed on the side", async () => {
    const { world, keys, fetch, find, isWaitedFor } = await createWorld();
    world.now = START + 8 * MINUTE - 1;
    expect(keys.find("rsa-1", "RS256")).toBeInstanceOf(SigningKey);
    expect(fetch).toHaveBeenCalledTimes(1);
    world.now = START + 8 * MINUTE;
    expect(await isWaitedFor(find())).toBe(false);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("are waited for from ten minutes on", async () => {
    const { world, find, isWaitedFor, answer } = await createWorld();
    world.now = START + 10 * MINUTE - 1;
    expect(await isWaitedFor(find())).toBe(false);
    const old = await createWorld();
    old.world.now = START + 10 * MINUTE;
    const found = old.find();
    expect(await old.isWaitedFor(found)).toBe(true);
    await old.answer(GOOD());
    expect(await found).toBeInstanceOf(SigningKey);
    await answer(GOOD());
  });

  it("serve through an outage without waiting, for seventy minutes in all", async () => {
    const { world, fetch, find, isWaitedFor, answer, failAt } = await createWorld();
    await failAt(10 * MINUTE);
    world.now = START + 70 * MINUTE - 1;
    expect(await isWaitedFor(find())).toBe(false);
    expect(fetch).toHaveBeenCalledTimes(3);
    await answer(BAD());
    world.now = START + 70 * MINUTE + 10 * SECOND;
    const found = find();
    expect(await isWaitedFor(found)).toBe(true);
    await answer(BAD());
    await expect(found).rejects.toMatchObject({ code: "jwks_unavailable" });
  });

  it("are waited for when seventy minutes are over, to the millisecond", async () => {
    const { world, find, isWaitedFor, answer, failAt } = await createWorld();
    await failAt(60 * MINUTE);
    world.now = START + 70 * MINUTE;
    const found = find();
    expect(await isWaitedFor(found)).toBe(true);
    await answer(GOOD());
    expect(await found).toBeInstanceOf(SigningKey);
  });

  it("are waited for together with whoever asked first, also in the endpoint's bad times", async () => {
    const { world, fetch, find, isWaitedFor, answer, failAt } = await createWorld();
    await failAt(60 * MINUTE);
    world.now = START + 71 * MINUTE;
    const [one, other] = [find(), find()];
    expect(await isWaitedFor(other)).toBe(true);
    await answer(GOOD());
    expect(await one).toBe(await other);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it("are not asked for again within ten seconds where the answer was no set", async () => {
    const { world, fetch, find, isWaitedFor, answer } = await createWorld();
    world.now = START + 10 * MINUTE;
    const found = find();
    await isWaitedFor(found);
    await answer(Response.json({ keys: [] }));
    expect(await found).toBeInstanceOf(SigningKey);
    world.now += 9_999;
    expect(await isWaitedFor(find())).toBe(false);
    expect(fetch).toHaveBeenCalledTimes(2);
    world.now += 1;
    expect(await isWaitedFor(find())).toBe(false);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it("come of the newest attempt, whatever becomes of one that was given up", async () => {
    const { world, fetch, find, isWaitedFor, answer } = await createWorld();
    world.now = START + 10 * MINUTE;
    const first = find();
    await isWaitedFor(first);
    world.now += 10 * SECOND;
    const second = find();
    await isWaitedFor(second);
    expect(fetch).toHaveBeenCalledTimes(3);
    // The first attempt ends after all; a third visitor still joins the second one.
    await answer(BAD());
    world.now += SECOND;
    const third = find("new-rsa-1");
    expect(await isWaitedFor(third)).toBe(true);
    expect(fetch).toHaveBeenCalledTimes(3);
    await answer(NEW());
    expect(await third).toBeInstanceOf(SigningKey);
  });
});

describe("a key that nobody knows", () => {
  it("is looked for once in ten seconds", async () => {
    const { world, fetch, find, isWaitedFor, answer } = await createWorld();
    for (const [passed, fetches] of [
      [0, 2],
      [9_999, 2],
      [1, 3],
    ] as const) {
      world.now += passed;
      const found = find("nobody");
      found.catch(() => {});
      await isWaitedFor(found);
      expect(fetch).toHaveBeenCalledTimes(fetches);
      await answer(GOOD());
      await expect(found).rejects.toMatchObject({ code: "invalid_token", reason: "kid" });
    }
  });

  it("is found by all who ask for it while it is looked for", async () => {
    const { fetch, find, isWaitedFor, answer } = await createWorld();
    const [one, other] = [find("new-rsa-1"), find("new-rsa-1")];
    expect(await isWaitedFor(other)).toBe(true);
    await answer(NEW());
    expect(await one).toBeInstanceOf(SigningKey);
    expect(await other).toBe(await one);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("is looked for with the renewal that was due, which counts for the next one", async () => {
    const { world, fetch, find, isWaitedFor, answer } = await createWorld();
    world.now = START + 9 * MINUTE;
    const found = find("nobody");
    found.catch(() => {});
    await isWaitedFor(found);
    await answer(GOOD());
    await expect(found).rejects.toMatchObject({ reason: "kid" });
    world.now += SECOND;
    await expect(find("nobody")).rejects.toMatchObject({ reason: "kid" });
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});

describe("keys, asked for by what was verified with them before,", () => {
  it("serve for ten minutes, and are renewed on the side from eight on", async () => {
    const { keys, world, fetch } = await createWorld();
    for (const [age, isServing, fetches] of [
      [8 * MINUTE - 1, true, 1],
      [8 * MINUTE, true, 2],
      [10 * MINUTE - 1, true, 3],
    ] as const) {
      world.now = START + age;
      expect({ age, isServing: keys.areServing(world.now) }).toEqual({ age, isServing });
      await turn();
      expect(fetch).toHaveBeenCalledTimes(fetches);
    }
  });

  it("are left to whoever looks for a key where they no longer serve", async () => {
    const { keys, world, fetch } = await createWorld();
    world.now = START + 10 * MINUTE;
    expect(keys.areServing(world.now)).toBe(false);
    await turn();
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("serve through an outage for seventy minutes in all", async () => {
    const { keys, world, failAt, answer } = await createWorld();
    await failAt(10 * MINUTE);
    for (const [age, isServing] of [
      [10 * MINUTE, true],
      [70 * MINUTE - 1, true],
      [70 * MINUTE, false],
    ] as const) {
      world.now = START + age;
      expect({ age, isServing: keys.areServing(world.now) }).toEqual({ age, isServing });
      await turn();
      await answer(BAD());
    }
  });
});

describe("a place where keys are kept", () => {
  const stored = { jwks: JWKS as never, uat: START };

  it.each([Number.NaN, Number.POSITIVE_INFINITY, "1700000000000", undefined, null])(
    "gives none without an age: %s",
    async (uat) => {
      const fetch = async () => BAD();
      const cache = { read: () => ({ ...stored, uat: uat as number }), write: () => {} };
      const keys = createKeys({ url: "https://x", fetch, clock: () => START, maxStale: 60 * MINUTE, cache });
      await expect(keys.find("rsa-1", "RS256")).rejects.toMatchObject({ code: "jwks_unavailable" });
    },
  );

  it.each([undefined, null, 5, "keys", [], {}, { keys: null }])(
    "gives none where its set is none, and they are fetched: %j",
    async (jwks) => {
      const cache = { read: () => ({ jwks: jwks as never, uat: START }), write: () => {} };
      const fetch = async () => GOOD();
      const keys = createKeys({ url: "https://x", fetch, clock: () => START, maxStale: 60 * MINUTE, cache });
      expect(await keys.find("rsa-1", "RS256")).toBeInstanceOf(SigningKey);
    },
  );

  it("may give old ones: those serve in an outage, and until there is one the endpoint is waited for", async () => {
    let isAsked = false;
    let fail: (error: Error) => void = () => {};
    const fetch = () => {
      isAsked = true;
      return new Promise<Response>((_, reject) => {
        fail = reject;
      });
    };
    const cache: KeysCache = { read: () => stored, write: () => {} };
    const clock = () => START + 20 * MINUTE;
    const keys = createKeys({ url: "https://x", fetch, clock, maxStale: 60 * MINUTE, cache });
    let isFound = false;
    const found = Promise.resolve(keys.find("rsa-1", "RS256")).finally(() => {
      isFound = true;
    });
    await expect.poll(() => isAsked).toBe(true);
    await turn();
    expect(isFound).toBe(false);
    fail(new Error("down"));
    expect(await found).toBeInstanceOf(SigningKey);
  });

  it("is told of what was fetched, and not of what wasn't", async () => {
    const write = vi.fn();
    const cache: KeysCache = { read: () => undefined, write };
    const { failAt } = await createWorld({ cache });
    expect(write.mock.calls).toEqual([[{ jwks: { keys: expect.any(Array) }, uat: START }]]);
    await failAt(10 * MINUTE);
    expect(write).toHaveBeenCalledTimes(1);
  });
});
