import { type Attack, guardedRouteOf, runAttacks } from "./attack.js";
import { checkAuthKit, isLocalAuthKit } from "./authkit.js";
import { checkEnvironment } from "./environment.js";
import type { Finding } from "./finding.js";
import { checkKeys } from "./keys.js";
import { checkLoginUri } from "./login-uri.js";
import { checkResource } from "./resource.js";
import type { Setup } from "./setup.js";

/** Findings under their heading. */
export interface Chapter {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Looks at all of a set-up, and attacks it where that is wanted. No request carries a key, and only an attack a session. */
export async function examine(
  setup: Setup,
  attack: Attack | undefined,
  progress: (text: string) => void,
): Promise<Chapter[]> {
  const environment = checkEnvironment(setup);
  const authkit = await checkAuthKit(setup, progress);
  progress("Asking for the keys ...");
  const keys = await checkKeys(authkit.jwksUrl, isLocalAuthKit(setup));
  progress("Visiting the Login URI ...");
  const loginUri = await checkLoginUri(setup);
  progress("Asking the resource ...");
  const resource = await checkResource(setup, attack && guardedRouteOf(attack, setup));
  const attacks = attack ? await runAttacks(attack, setup, authkit.jwksUrl, progress) : [];
  const chapters = [
    { title: "Environment", findings: environment },
    { title: "AuthKit", findings: authkit.findings },
    { title: "Keys", findings: keys },
    { title: "Login URI", findings: loginUri },
    { title: "Resource", findings: resource },
    { title: "Attacks", findings: attacks },
  ];
  return chapters.filter(({ findings }) => findings.length > 0);
}
