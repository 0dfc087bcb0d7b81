import { type TokenOutcome, toReply } from "@connect/core";
import { createTestVerifier, GOOD_TOKEN } from "../issuer.js";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

const guards = [createTestVerifier(), createTestVerifier({ cacheSize: 0 })].map((verifier) =>
  verifier.guard(),
);

/** What each refusal is answered with: the same, whatever was asked. */
const answers = new Map<string, string>();

/** An Authorization header with one character a byte, as Node gives it; "!" stands for a good token. */
export const bearer: Target = {
  name: "bearer",
  words: [
    "Bearer ",
    "bearer ",
    "BEARER ",
    "!",
    ", ",
    "Basic ",
    "DPoP ",
    "=",
    "==",
    " ",
    "\t",
    "\0",
    '"',
    ".",
    "a.b.c",
  ],
  async run(input) {
    const header = input.toString("latin1").replaceAll("!", GOOD_TOKEN);
    const request = { method: "GET", url: "/", headers: { get: () => header } };
    const [remembering, forgetful] = await Promise.all(
      guards.map((guard) => verdictOf(async () => guard(request)).then(({ given }) => told(given))),
    );
    expect(remembering === forgetful, "the memory makes a difference");
    const isGood = header.slice(0, 7).toLowerCase() === "bearer " && header.slice(7) === GOOD_TOKEN;
    expect((remembering === "authorized") === isGood, "the header was read in another way");
    return remembering ?? "";
  },
};

function told(outcome: TokenOutcome<unknown> | undefined): string {
  if (outcome?.type === "authorized") return outcome.type;
  expect(outcome?.type === "challenge", "a header is at fault, and the answer is not a challenge");
  const { code, reason } = outcome.error;
  const answer = JSON.stringify(toReply(outcome));
  if (!answers.has(code)) answers.set(code, answer);
  expect(answers.get(code) === answer, "the answer says more than what went wrong");
  return `${code}: ${reason}`;
}
