import type { Provider } from "oidc-provider";

import type { AccessTokens } from "./access-tokens.js";
import type { Applications } from "./applications.js";
import type { Consents } from "./consents.js";

export interface Introspection {
  issuer: string;
  provider: Provider;
  applications: Applications;
  accessTokens: AccessTokens;
  consents: Consents;
}

/**
 * What a token is worth now (AuthKit: introspection reference; RFC 7662). Any application of the environment may ask
 * about any token of it (assumed).
 */
export async function introspect(
  { issuer, provider, applications, accessTokens, consents }: Introspection,
  token: string,
): Promise<{ active: boolean; [member: string]: unknown }> {
  const access = await accessTokens.verify(token);
  // A machine's token is under no grant that could end with its application.
  const isOrphan =
    access?.grantId === undefined && !applications.findByAnyId(String(access?.claims.client_id));
  if (access && !isOrphan && (await isGrantAlive(provider, access.grantId))) {
    const { client_id, iss, sub, aud, iat, exp, jti, sid, org_id } = access.claims;
    return { active: true, token_type: "access_token", client_id, iss, sub, aud, iat, exp, jti, sid, org_id };
  }

  const refresh = await provider.RefreshToken.find(token);
  if (refresh?.isValid && (await isGrantAlive(provider, refresh.grantId))) {
    return {
      active: true,
      token_type: "refresh_token",
      client_id: refresh.clientId,
      iss: issuer,
      sub: refresh.accountId,
      iat: refresh.iat,
      sid: consents.of(refresh.grantId)?.id,
      org_id: consents.organizationIdOf(refresh.grantId),
    };
  }
  return { active: false };
}

/** A grant ends when one of its codes or refresh tokens is used twice. M2M tokens are under none. */
export async function isGrantAlive(provider: Provider, grantId: string | undefined): Promise<boolean> {
  return grantId === undefined || (await provider.Grant.find(grantId)) !== undefined;
}
