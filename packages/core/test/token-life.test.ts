import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Guard, TokenOutcome } from "../src/index.js";
import { nodeSignatures } from "../src/node/index.js";
import { CLAIMS, createTestVerifier, NOW } from "./support/issuer.js";
import { createKeyPair, encodeBytes, signParts, toJwk, write } from "./support/jws.js";
import { KeyLife, type PublishedKey, type World } from "./support/key-life.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const pairs = await Promise.all(Array.from({ length: 4 }, () => createKeyPair("ES256")));

function pairOf(index: number) {
  const pair = pairs[index];
  if (pair === undefined) throw new Error(`no pair ${index}`);
  return pair;
}

/** A token, and what its verdict depends on. */
interface Sample {
  readonly token: string;
  readonly kid: string | undefined;
  readonly pair: number;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly nbf: number;
}

function sign(kid: string | undefined, pair: number, exp: number, nbf = 0): Sample {
  const payload = JSON.stringify({ ...CLAIMS, exp, nbf, jti: randomUUID() });
  const token = write(signParts(JSON.stringify({ alg: "ES256", kid }), payload, "ES256", pairOf(pair)));
  return { token, kid, pair, exp, nbf };
}

const PUBLISHED: readonly PublishedKey[] = [
  { kid: "a", pair: 0 },
  { kid: "b", pair: 1 },
  { kid: "c", pair: 2 },
  // Another key by a name that is taken.
  { kid: "a", pair: 3 },
];

/** Other claims under this token's signature: what is remembered of the one says nothing of the other. */
function forge(sample: Sample): Sample {
  const [header, , signature] = sample.token.split(".");
  const { exp, nbf } = sample;
  const claims = encodeBytes(JSON.stringify({ ...CLAIMS, exp, nbf, sub: "admin" }));
  return { ...sample, token: `${header}.${claims}.${signature}`, pair: Number.NaN };
}

const LASTING: Sample = sign("a", 0, NOW + 200_000);

const SAMPLES: readonly Sample[] = [
  LASTING,
  forge(LASTING),
  ...[300, 3_600, 20_000, 200_000].flatMap((life) =>
    PUBLISHED.map(({ kid, pair }) => sign(kid, pair, NOW + life)),
  ),
  sign("a", 0, NOW + 200_000, NOW + 700),
  sign("b", 0, NOW + 200_000),
  sign("x", 1, NOW + 200_000),
];

/** A verifier whose clock and endpoint are the world's. */
class Subject {
  readonly cacheSize: number;
  readonly life: KeyLife;
  fetches = 0;
  readonly #guard: Guard<unknown>;
  /** The key that each token was last verified with. */
  readonly #seen = new Map<string, PublishedKey>();
  readonly #world: World;
  #underway = 0;

  constructor(world: World, cacheSize: number) {
    this.#world = world;
    this.cacheSize = cacheSize;
    this.life = new KeyLife(world);
    this.#guard = createTestVerifier({
      algorithms: ["ES256"],
      signatures: nodeSignatures,
      cacheSize,
      clock: () => world.now,
      fetch: async () => {
        this.fetches += 1;
        this.#underway += 1;
        await turn();
        this.#underway -= 1;
        return world.published === undefined
          ? new Response(null, { status: 503 })
          : Response.json({ keys: world.published.map(({ kid, pair }) => toJwk(pairOf(pair), kid)) });
      },
    }).guard();
  }

  /** What it says of a token, and whether it said so from memory. What went on beside is over then. */
  async judge({ token }: Sample): Promise<{ verdict: string; isRemembered: boolean }> {
    const headers = { get: () => `Bearer ${token}` };
    // Twice at once: the second must not make a difference.
    const [first, second] = [1, 2].map(() => this.#guard({ method: "GET", url: "/", headers }));
    const isRemembered = !(first instanceof Promise);
    const verdicts = (await Promise.all([first, second])).map(toVerdict);
    expect(verdicts[1]).toBe(verdicts[0]);
    do await turn();
    while (this.#underway > 0);
    await turn();
    return { verdict: verdicts[0] ?? "", isRemembered };
  }

  /** What it should say, by the model. */
  foresee(sample: Sample, isRemembered: boolean): string {
    const seen = this.#seen.get(sample.token);
    const now = this.#world.now / SECOND;
    const isInTime = now < sample.exp + 5 && now >= sample.nbf - 5;
    const mayBeRemembered = seen !== undefined && this.life.keys.includes(seen) && isInTime;
    const counts = mayBeRemembered && this.life.isServing;
    if (isRemembered) {
      if (!counts) return "nothing it may remember";
      this.life.tend();
      return "good";
    }
    if (counts && this.cacheSize > SAMPLES.length) return "good, and remembered";
    if (!isInTime) return now < sample.exp + 5 ? "invalid_token: nbf" : "invalid_token: expired";
    const key = this.life.find(sample.kid);
    if (typeof key === "string") return key;
    if (key.pair !== sample.pair) return "invalid_token: signature";
    this.#seen.set(sample.token, key);
    return "good";
  }
}

function toVerdict(outcome: TokenOutcome | undefined): string {
  if (outcome === undefined || outcome.type === "authorized") return "good";
  const { code, reason } = outcome.error;
  return reason === undefined ? code : `${code}: ${reason}`;
}

type Command = fc.AsyncCommand<World, readonly Subject[]>;

/** A step of the world's own. */
function step(name: string, change: (world: World) => void): Command {
  return {
    check: () => true,
    run: async (world) => change(world),
    toString: () => name,
  };
}

/** Spans in milliseconds: a cooldown, the ages of keys, and a moment before and after. */
const time = fc
  .oneof(
    fc.constantFrom(1, 9_999, 10_000, 10_001),
    fc.constantFrom(
      ...[8, 10, 70].flatMap((minutes) => [-1, 0, 1].map((offset) => minutes * MINUTE + offset)),
    ),
    fc.integer({ min: 1, max: 15 * MINUTE }),
    fc.constantFrom(-1, -30_000, -10 * MINUTE),
  )
  .map((span) =>
    step(`${span} ms pass`, (world) => {
      world.now += span;
    }),
  );

/** The clock is put to where a token begins or ends, the tolerance included. */
const edge = fc
  .tuple(
    fc.constantFrom(...SAMPLES.flatMap(({ exp, nbf }) => (nbf === 0 ? [exp + 5] : [exp + 5, nbf - 5]))),
    fc.constantFrom(-1, 0, 999),
  )
  .map(([second, offset]) =>
    step(`the time is ${second}, ${offset} ms`, (world) => {
      world.now = second * SECOND + offset;
    }),
  );

const outage = fc.constant(
  step("the endpoint goes down", (world) => {
    world.published = undefined;
  }),
);

function publish(keys: readonly PublishedKey[]): fc.Arbitrary<Command> {
  return fc.subarray([...keys]).map((published) =>
    step(`publish ${JSON.stringify(published)}`, (world) => {
      world.published = published;
    }),
  );
}

/** What a verifier says, which must be what the model says, at the price that the model says. */
async function check(subject: Subject, sample: Sample): Promise<{ verdict: string; isRemembered: boolean }> {
  const said = await subject.judge(sample);
  expect(said.verdict).toBe(subject.foresee(sample, said.isRemembered));
  expect(subject.fetches).toBe(subject.life.attempts);
  return said;
}

/** Runs sequences of these steps, each with a world and verifiers of its own, and time and keys that change. */
async function runWith(
  verify: (sample: Sample) => Command["run"],
  keys: readonly PublishedKey[],
  sizes: readonly number[],
): Promise<void> {
  const verification = fc.constantFrom(...SAMPLES).map(
    (sample): Command => ({
      check: () => true,
      run: verify(sample),
      toString: () => `verify ${JSON.stringify({ ...sample, token: undefined })}`,
    }),
  );
  const steps = [verification, verification, verification, verification, time, edge, publish(keys), outage];
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: "max" }), async (commands) => {
      const world: World = { now: NOW * SECOND, published: keys.slice(0, 3) };
      const real = sizes.map((size) => new Subject(world, size));
      await fc.asyncModelRun(() => ({ model: world, real }), commands);
    }),
    { numRuns: 150 },
  );
}

describe("over any sequence of tokens, times, rotations and outages", () => {
  it("a verifier says what the life of its keys makes of a token, and remembers none that it may not", async () => {
    const verify = (sample: Sample) => async (_: World, subjects: readonly Subject[]) => {
      for (const subject of subjects) await check(subject, sample);
    };
    await runWith(verify, PUBLISHED, [0, 2, 1_000]);
  });

  it("a verifier with a memory says what one without says, where both know the same keys", async () => {
    const verify = (sample: Sample) => async (world: World, subjects: readonly Subject[]) => {
      // A token that nobody has seen: all look after their keys because of it.
      const stranger = sign("a", 0, world.now / SECOND + 300);
      const strangers = [];
      const verdicts = [];
      for (const subject of subjects) {
        strangers.push((await check(subject, stranger)).verdict);
        verdicts.push((await check(subject, sample)).verdict);
      }
      expect(new Set(strangers)).toHaveLength(1);
      expect(new Set(verdicts)).toHaveLength(1);
    };
    // One key by each name: where two have one, new tokens are refused that old ones may have been accepted with.
    await runWith(verify, PUBLISHED.slice(0, 3), [0, 2, 1_000]);
  });
});
