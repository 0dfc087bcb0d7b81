import { type AuthKit, startAuthKit } from "./authkit.js";
import { Browser } from "./browser.js";
import { crowd, pause } from "./crowd.js";
import { KEY_MODES, type KeyMode } from "./keys-endpoint.js";
import { type Ending, Program } from "./program.js";
import type { Random } from "./random.js";
import type { Secrets } from "./secrets.js";
import { createKey, goodClaims, mint, type SigningKey } from "./tokens.js";

/** What a verifier made of tokens while its keys could not be had, or changed. */
export interface KeyFigures {
  /** Verifiers, each in a process of its own. */
  starts: number;
  /** Times that the address of the keys began to do something else. */
  changes: number;
  /** Times that AuthKit took its key back and published another. */
  rotations: number;
  /** How often keys were asked for, by what the address did. */
  readonly asked: Partial<Record<KeyMode, number>>;
  goodAccepted: number;
  goodUnavailable: number;
  /** Refused within ten seconds of a look at the keys in which there was no such key. */
  goodUnseen: number;
  /** Refused as bad otherwise: while the keys were merely out of reach, or the verifier had not looked. */
  goodRefused: number;
  badTried: number;
  badAccepted: number;
  strangerAsked: number;
}

/** How far the verifier's clock may jump between two steps, in milliseconds. */
const JUMPS = [0, 1_000, 11_000, 11_000, 300_000, 540_000, 660_000, 3_600_000, 4_800_000] as const;

/** How long after a look for a key that nobody knows there is no other, in milliseconds. */
const COOLDOWN = 10_000;

/** How long keys count, in milliseconds: ten minutes, and an hour in an outage. */
const SERVING = 70 * 60_000;

const STEPS = 14;

/** Runs so many verifiers, each through a life of its own. */
export async function runKeys(
  count: number,
  given: { readonly random: Random; readonly secrets: Secrets; readonly apiKey: string },
  onProgress: () => void,
): Promise<{ readonly figures: KeyFigures; readonly endings: readonly Ending[]; readonly answered: number }> {
  const figures: KeyFigures = {
    starts: 0,
    changes: 0,
    rotations: 0,
    asked: {},
    goodAccepted: 0,
    goodUnavailable: 0,
    goodUnseen: 0,
    goodRefused: 0,
    badTried: 0,
    badAccepted: 0,
    strangerAsked: 0,
  };
  const endings: Ending[] = [];
  let answered = 0;
  await crowd(count, 3, async (index) => {
    const random = given.random.branch(index);
    const authkit = await startAuthKit({ ...given, random });
    const program = await Program.start(
      { authkitUrl: authkit.url, apiKey: given.apiKey, isCareful: false, resumeSecret: "" },
      given.secrets,
    );
    const browser = new Browser(program.url, authkit.url, given.secrets);
    // Each way of not being there is the first that some verifier sees.
    const first = KEY_MODES[(index * 5) % KEY_MODES.length] ?? "up";
    await new KeyRun({ authkit, program, browser, random, secrets: given.secrets, figures }).run(first);
    browser.close();
    answered += browser.answered;
    endings.push(await program.stop());
    for (const [mode, times] of authkit.keys.asked) figures.asked[mode] = (figures.asked[mode] ?? 0) + times;
    figures.strangerAsked += authkit.stranger.requests;
    await authkit.close();
    onProgress();
  });
  return { figures, endings, answered };
}

const IMPOSTOR = await createKey();

/** The life of one verifier, and of the keys that it asks for. */
class KeyRun {
  readonly #authkit: AuthKit;
  readonly #program: Program;
  readonly #browser: Browser;
  readonly #random: Random;
  readonly #secrets: Secrets;
  readonly #figures: KeyFigures;
  /** Tokens that were good when they were made, to be sent again. */
  #remembered: {
    readonly token: string;
    readonly key: SigningKey;
    readonly subject: string;
    readonly until: number;
  }[] = [];
  readonly #withdrawn: SigningKey[] = [];
  #offset = 0;
  #isStopped = false;

  constructor(given: {
    authkit: AuthKit;
    program: Program;
    browser: Browser;
    random: Random;
    secrets: Secrets;
    figures: KeyFigures;
  }) {
    this.#authkit = given.authkit;
    this.#program = given.program;
    this.#browser = given.browser;
    this.#random = given.random;
    this.#secrets = given.secrets;
    this.#figures = given.figures;
  }

  async run(first: KeyMode): Promise<void> {
    const random = this.#random;
    this.#figures.starts += 1;
    await this.#change(first);
    for (let step = 0; step < STEPS; step++) {
      if (step > 0) {
        this.#offset += random.pick(JUMPS);
        this.#authkit.keys.offset = this.#offset;
        await this.#program.setClock(this.#offset);
        // Back to where all is well, as often as not: an outage is one only to somebody who had keys.
        if (random.chance(0.7)) await this.#change(random.chance(0.5) ? "up" : random.pick(KEY_MODES));
      }
      await this.#ask();
    }
    if (this.#isStopped) await this.#authkit.listener.resume();
  }

  async #change(mode: KeyMode): Promise<void> {
    const { keys, listener } = this.#authkit;
    this.#figures.changes += 1;
    if (this.#isStopped) await listener.resume();
    this.#isStopped = mode === "refused";
    if (this.#isStopped) listener.stop();
    keys.mode = mode;
    if (this.#random.chance(0.7)) return;
    this.#figures.rotations += 1;
    this.#withdrawn.push(...keys.published);
    keys.published = [await createKey()];
    // Nothing of what the old ones signed counts any more.
    this.#remembered = [];
  }

  /** Good and bad tokens, and some that came before. */
  async #ask(): Promise<void> {
    const { published } = this.#authkit.keys;
    const now = Date.now() + this.#offset;
    this.#remembered = this.#remembered.filter(({ until }) => until > now + 5_000);
    for (let count = 0; count < 4; count++) {
      const key = this.#random.pick(published);
      const claims = goodClaims(this.#authkit.url, now);
      const token = mint(key, claims);
      this.#keepSecret(token, claims);
      this.#remembered.push({ token, key, subject: String(claims.sub), until: now + 300_000 });
    }
    for (const known of this.#remembered.slice(-8)) await this.#sendGood(known);
    const impostors = [this.#random.pick(published).kid, "key_that_nobody_has"].map((kid) => ({
      ...IMPOSTOR,
      kid,
      jwk: { ...IMPOSTOR.jwk, kid },
    }));
    const claims = goodClaims(this.#authkit.url, now);
    for (const bad of [
      ...impostors.map((key) => mint(key, claims)),
      ...impostors.map((key) => mint(key, claims, { jwk: key.jwk })),
      mint(this.#random.pick(published), { ...claims, exp: Number(claims.exp) - 4_000 }),
      mint(this.#random.pick(published), { ...claims, aud: "https://other.example.com" }),
    ]) {
      this.#keepSecret(bad, claims);
      this.#figures.badTried += 1;
      if ((await this.#send(bad, claims.sub)) === 200) this.#figures.badAccepted += 1;
    }
    for (const key of this.#withdrawn.slice(-1)) await this.#sendWithdrawn(key, now);
  }

  async #sendGood({
    token,
    key,
    subject,
  }: {
    token: string;
    key: SigningKey;
    subject: string;
  }): Promise<void> {
    const status = await this.#send(token, subject);
    if (status === 200) this.#figures.goodAccepted += 1;
    else if (status === 503) this.#figures.goodUnavailable += 1;
    else if (this.#wasUnseen(key)) this.#figures.goodUnseen += 1;
    else this.#figures.goodRefused += 1;
  }

  /** A key that was taken away counts for as long as the verifier can't know. */
  async #sendWithdrawn(key: SigningKey, now: number): Promise<void> {
    const claims = goodClaims(this.#authkit.url, now);
    const token = mint(key, claims);
    this.#keepSecret(token, claims);
    this.#figures.badTried += 1;
    for (let tries = 0; tries < 20; tries++) {
      const status = await this.#send(token, claims.sub);
      if (status !== 200 || this.#mayServe(key)) return;
      // What was served a moment ago may still be on its way into use.
      await pause(10);
    }
    this.#figures.badAccepted += 1;
  }

  #mayServe(key: SigningKey): boolean {
    const last = this.#authkit.keys.served.at(-1);
    return last?.keys.includes(key) === true && Date.now() + this.#offset - last.at < SERVING;
  }

  #wasUnseen(key: SigningKey): boolean {
    const last = this.#authkit.keys.served.at(-1);
    return last?.keys.includes(key) === false && Date.now() + this.#offset - last.at <= COOLDOWN;
  }

  async #send(token: string, subject: unknown): Promise<number | undefined> {
    const answer = await this.#browser.send({
      target: "/api/me",
      headers: { authorization: `Bearer ${token}` },
      allowed: ({ status }) => (status === 200 ? [String(subject)] : []),
    });
    return answer?.status;
  }

  #keepSecret(token: string, { sub, jti }: Readonly<Record<string, unknown>>): void {
    this.#secrets.add("token", token);
    this.#secrets.add("token's user", String(sub));
    this.#secrets.add("token's id", String(jti));
  }
}
