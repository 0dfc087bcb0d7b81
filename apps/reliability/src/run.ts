import { availableParallelism } from "node:os";
import { startAuthKit } from "./authkit.js";
import { Browser } from "./browser.js";
import { FAULTS, type FaultKind } from "./faults.js";
import { runInputs } from "./inputs/index.js";
import { Tally } from "./inputs/tally.js";
import { runKeys } from "./keys.js";
import { runLogins } from "./logins.js";
import { withOutages } from "./outages.js";
import { type Ending, Program } from "./program.js";
import { Random } from "./random.js";
import type { Results } from "./results.js";
import { Secrets } from "./secrets.js";

/** Runs all of it, in about so many seconds. The same seed and seconds make the same logins, faults and inputs. */
export async function run(options: {
  readonly seconds: number;
  readonly seed: string;
  readonly say: (text: string) => void;
}): Promise<Results> {
  const { seconds, seed, say } = options;
  const startedAt = performance.now();
  const random = new Random(seed);
  const secrets = new Secrets();
  const apiKey = secrets.add("API key", `sk_test_${random.branch("API key").hex(32)}`);
  const resumeSecret = secrets.add("secret of the cookies", random.branch("secret").hex(40));
  const authkit = await startAuthKit({ random: random.branch("AuthKit"), secrets, apiKey });
  const [plain, careful] = await Promise.all(
    [false, true].map((isCareful) =>
      Program.start({ authkitUrl: authkit.url, apiKey, isCareful, resumeSecret }, secrets),
    ),
  );
  if (plain === undefined || careful === undefined) throw new Error("no application");

  let done = 0;
  const count = Math.ceil(seconds * 5);
  const onProgress = () => {
    done += 1;
    if (done % 200 === 0) say(`${done} of ${2 * count} logins`);
  };
  const logins = Promise.all([
    runLogins(
      count,
      plain.url,
      { authkit, secrets, random: random.branch("plain"), isCareful: false },
      onProgress,
    ),
    runLogins(
      count,
      careful.url,
      { authkit, secrets, random: random.branch("careful"), isCareful: true },
      onProgress,
    ),
  ]);
  const [plainLogins, carefulLogins] = await withOutages(authkit.listener, random.branch("outages"), logins);

  authkit.completions.hasDistance = false;
  const tally = new Tally();
  const browsers = {
    plain: new Browser(plain.url, authkit.url, secrets),
    careful: new Browser(careful.url, authkit.url, secrets),
  };
  const target = { ...browsers, authkit, secrets, tally, random: random.branch("inputs") };
  await runInputs(seconds, target, (name) => say(`bad ${name} tried`));
  for (const browser of Object.values(browsers)) browser.close();
  const endings: Ending[] = [await plain.stop(), await careful.stop()];
  await authkit.close();

  const lives = Math.max(4, Math.ceil(seconds / 6));
  let lived = 0;
  const keys = await runKeys(lives, { random: random.branch("keys"), secrets, apiKey }, () => {
    lived += 1;
    say(`${lived} of ${lives} verifiers`);
  });
  endings.push(...keys.endings);

  const total = (of: (ending: Ending) => number) => endings.reduce((sum, ending) => sum + of(ending), 0);
  const found: Record<string, number> = {};
  for (const { kind, where } of secrets.leaks) {
    const name = `${kind} in ${where}`;
    found[name] = (found[name] ?? 0) + 1;
  }
  return {
    date: new Date().toISOString(),
    duration: Math.round((performance.now() - startedAt) / 1_000),
    seconds,
    seed,
    cores: availableParallelism(),
    node: process.versions.node,
    logins: { plain: plainLogins, careful: carefulLogins },
    faults: {
      "connection refused": total(({ refused }) => refused),
      ...Object.fromEntries(
        (Object.keys(FAULTS) as FaultKind[]).map((kind) => [
          FAULTS[kind].label,
          authkit.completions.injected.get(kind) ?? 0,
        ]),
      ),
    },
    keys: keys.figures,
    inputs: { kinds: Object.fromEntries(tally.kinds), good: tally.good, goodRefused: tally.goodRefused },
    processes: {
      started: endings.length,
      answers:
        plainLogins.answers +
        carefulLogins.answers +
        browsers.plain.answered +
        browsers.careful.answered +
        keys.answered,
      rejections: total(({ rejections }) => rejections),
      exceptions: total(({ exceptions }) => exceptions),
      warnings: total(({ warnings }) => warnings),
      thrown: total(({ thrown }) => thrown),
      left: endings.flatMap(({ handles, listeners }) => [...handles, ...listeners]),
      notEnded: total(({ isOwn }) => (isOwn ? 0 : 1)),
    },
    secrets: {
      known: secrets.size,
      searched: secrets.searched,
      lines: total(({ lines }) => lines),
      errors: total(({ handed }) => handed),
      found,
    },
    abroad: {
      redirects: plainLogins.astray + carefulLogins.astray + browsers.plain.astray + browsers.careful.astray,
      requests: authkit.stranger.requests,
      badCalls: authkit.completions.strays,
    },
  };
}
