import { tryCookies } from "./cookies.js";
import { tryForms } from "./forms.js";
import { tryHeaders } from "./headers.js";
import { tryIds } from "./ids.js";
import { tryRedirects } from "./redirects.js";
import { tryStrays } from "./strays.js";
import type { Target } from "./target.js";
import { tryTokens } from "./tokens.js";

/** All that can come in, each with how many inputs of it there are for a second of the run. */
const INPUTS: readonly (readonly [
  name: string,
  perSecond: number,
  tryThem: (count: number, target: Target) => Promise<void>,
])[] = [
  ["tokens", 120, tryTokens],
  ["Authorization headers", 30, tryHeaders],
  ["external_auth_ids", 30, tryIds],
  ["stray URLs", 30, tryStrays],
  ["redirect_uris", 20, tryRedirects],
  ["confirmation forms", 12, tryForms],
  ["resume cookies", 12, tryCookies],
];

/** Tries all of them. */
export async function runInputs(
  seconds: number,
  target: Target,
  onProgress: (name: string) => void,
): Promise<void> {
  for (const [name, perSecond, tryThem] of INPUTS) {
    await tryThem(Math.ceil(seconds * perSecond), { ...target, random: target.random.branch(name) });
    onProgress(name);
  }
}
