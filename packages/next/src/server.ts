import type { AccessToken, TokenRequirements, Verifier } from "@connect/core";
import { headers } from "next/headers.js";

/**
 * The verified access token of the request that is being answered, in a Server Component or a Server Action:
 *
 * ```ts
 * const accessToken = await getAccessToken(verifier, { scopes: ["notes:read"] });
 * if (accessToken === null) notFound();
 * ```
 *
 * `null` where there is no token, or one that is refused: neither has a status or a header of its own to say which, so
 * the verifier's `onRefusal` is told. Where nobody can say (`jwks_unavailable`, `introspection_unavailable`,
 * `deny_list_unavailable`), that error is thrown: a token that may be good is not taken for none. Throws `invalid_config` where `requirements` are at fault.
 * It reads the request's headers, so whatever calls it is rendered for each request.
 *
 * For a client that is to hear why, a route handler with `requireToken` is the place: it answers with the challenge.
 */
export async function getAccessToken<Claims>(
  verifier: Verifier<Claims>,
  requirements: Omit<TokenRequirements, "toolScopes"> = {},
): Promise<AccessToken<Claims> | null> {
  const view = { method: "GET", url: "/", headers: await headers() };
  const outcome = await verifier.authorize(view, requirements);
  if (outcome.type === "unavailable") throw outcome.error;
  return outcome.type === "authorized" ? outcome.accessToken : null;
}
