import { CommandFailure } from "../failure.js";
import { isLoopback, parseUrl } from "../loopback.js";
import { attackHandoff } from "./attack-handoff.js";
import { attackTokens } from "./attack-tokens.js";
import type { Finding } from "./finding.js";
import type { Setup } from "./setup.js";

/** What is attacked, and as whom. */
export interface Attack {
  /** A route that wants a token, or the Login URI. */
  readonly url: URL;
  /** Whether servers that are not on this machine are said to be the caller's own. */
  readonly isMine: boolean;
  /** A token that the server takes, if the caller has one. */
  readonly good: string | undefined;
  /** The Cookie header of a signed-in browser, if the caller has one. */
  readonly cookie: string | undefined;
}

/** Only what is on this machine, or what its owner says is theirs: these requests are an attack. */
export function parseTarget(target: string, isMine: boolean): URL {
  const url = parseUrl(target);
  if (url === undefined) throw new CommandFailure("--attack wants an http or https address.");
  if (!isMine && !isLoopback(url))
    throw new CommandFailure(
      "That server is not on this machine. If it is yours to attack, say --yes-it-is-mine.",
    );
  return url;
}

/** The route of an attack that wants a token; none where its address is the Login URI's. */
export function guardedRouteOf({ url }: Attack, { loginUri = "" }: Setup): URL | undefined {
  const login = parseUrl(loginUri);
  return login !== undefined && login.origin + login.pathname === url.origin + url.pathname ? undefined : url;
}

/** Attacks the route, if it is one that wants a token, and the Login URI. */
export async function runAttacks(
  attack: Attack,
  setup: Setup,
  jwksUrl: string | undefined,
  progress: (text: string) => void,
): Promise<Finding[]> {
  const route = guardedRouteOf(attack, setup);
  return [
    ...(route ? await attackTokens(route, attack.good, setup, jwksUrl, progress) : []),
    ...(await attackHandoff(attack, setup, progress)),
  ];
}
