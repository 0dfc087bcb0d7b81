import type { Provider } from "oidc-provider";

import type { AccessTokens } from "./access-tokens.js";
import type { Config } from "./config.js";
import { isGrantAlive } from "./introspection.js";
import { CLAIMS_BY_SCOPE, splitScope } from "./scopes.js";
import { claimsOf, type User } from "./users.js";

export interface Userinfo {
  provider: Provider;
  config: Pick<Config, "environmentClientId" | "switches">;
  accessTokens: AccessTokens;
  findUser: (subject: string) => User | undefined;
}

/** The user an access token stands for, as far as its scopes allow (AuthKit: userinfo reference). */
export async function userinfo(
  { provider, config, accessTokens, findUser }: Userinfo,
  authorization: string | undefined,
): Promise<{ status: 200 | 401; body: Record<string, unknown> }> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  // Seen live.
  if (token === undefined) return { status: 401, body: { error: "unauthorized" } };

  const access = await accessTokens.verify(token);
  const user = findUser(access?.claims.sub ?? "");
  const isForResource = access?.claims.aud !== config.environmentClientId;
  const isRefused = isForResource && config.switches.userinfoAudience === "refused";
  if (!access || !user || isRefused || !(await isGrantAlive(provider, access.grantId))) {
    const error_description = "The access token is not valid.";
    return { status: 401, body: { error: "invalid_token", error_description } };
  }
  const scopes = splitScope(access.claims.scope);
  const names = Object.entries(CLAIMS_BY_SCOPE).flatMap(([scope, claims]) =>
    scopes.includes(scope) ? claims : [],
  );
  const claims = Object.entries(claimsOf(user, config.switches)).filter(([name]) => names.includes(name));
  return { status: 200, body: { sub: access.claims.sub, ...Object.fromEntries(claims) } };
}
