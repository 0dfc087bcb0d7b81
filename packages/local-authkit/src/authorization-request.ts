import type { KoaContextWithOIDC } from "oidc-provider";

import type { Application } from "./applications.js";
import type { Oidc } from "./oidc.js";
import { splitScope } from "./scopes.js";

/**
 * AuthKit ignores `prompt=login` (seen live); that it ignores the other parameters about how to sign in is assumed.
 * `none` and, for third-party applications, `consent` keep their meaning.
 */
export function toKnownParameters(query: URLSearchParams, isFirstParty: boolean): URLSearchParams {
  for (const name of ["max_age", "acr_values", "id_token_hint"]) query.delete(name);
  // oidc-provider would answer other flows in the fragment; AuthKit knows the query only.
  if (![null, "code"].includes(query.get("response_type"))) query.set("response_type", "unsupported");
  const prompts = splitScope(query.get("prompt")).filter(
    (prompt) => prompt === "none" || (prompt === "consent" && !isFirstParty),
  );
  if (prompts.length === 0) query.delete("prompt");
  else query.set("prompt", prompts.join(" "));
  // oidc-provider refuses a nonce without openid; AuthKit has no use for it then.
  const scopes = splitScope(query.get("scope"));
  if (scopes.length > 0 && !scopes.includes("openid")) query.delete("nonce");
  return query;
}

export const SCOPE_REFUSED = "The requested scope is invalid, unknown, or not allowed.";

/** The rules of AuthKit that oidc-provider has no setting for; to run after its own. Throws its errors. */
export function checkAuthorizationRequest(
  oidc: Oidc,
  client: Application | undefined,
  ctx: KoaContextWithOIDC,
) {
  const { params, body } = ctx.oidc;
  if (!params) return;
  if (params.response_mode !== undefined && params.response_mode !== "query") {
    // The error itself has to travel in the query.
    params.response_mode = undefined;
    throw new oidc.errors.UnsupportedResponseMode();
  }
  if (Array.isArray(params.resource)) {
    throw new oidc.errors.InvalidTarget("only a single resource indicator value is supported");
  }
  const sent = body ?? ctx.query;
  // From the request: oidc-provider has dropped offline_access, which it grants with prompt=consent only.
  const scopes = splitScope(sent.scope);
  if (scopes.length === 0) scopes.push("openid");
  if (!scopes.every((scope) => client?.scopes.includes(scope))) {
    throw new oidc.errors.CustomOIDCProviderError("invalid_scope", SCOPE_REFUSED);
  }
  params.scope = scopes.join(" ");
}
