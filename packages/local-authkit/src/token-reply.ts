/** An error answer of the token endpoint and of those that authenticate clients as it does. */
export interface TokenError {
  status: 400 | 401;
  body: { error: string; error_description?: string };
}

/** No client is named in the request (AuthKit's words, seen live). */
export const MISSING_CLIENT: TokenError = invalidClient("Missing authorization header.");
/** AuthKit's words, seen live; said before the grant type is looked at. */
export const UNKNOWN_CLIENT: TokenError = invalidClient("Application not found.");
export const CLIENT_NOT_AUTHENTICATED: TokenError = invalidClient("Client authentication failed.");

function invalidClient(error_description: string): TokenError {
  return { status: 401, body: { error: "invalid_client", error_description } };
}

/** AuthKit's error for one of oidc-provider's, or undefined where the answer is none. */
export function toTokenError(body: unknown, isClientKnown: boolean): TokenError | undefined {
  const { error, error_description: description } = Object(body);
  if (typeof error !== "string") return undefined;
  if (error === "invalid_client") return isClientKnown ? CLIENT_NOT_AUTHENTICATED : UNKNOWN_CLIENT;
  if (description === "no client authentication mechanism provided") return MISSING_CLIENT;
  if (description === "requested grant type is not allowed for this client") {
    return { status: 400, body: { error: "unauthorized_client", error_description: description } };
  }
  return { status: 400, body: { error, error_description: description } };
}

/** The documented members of a token response: no `scope`, and `token_type` as each grant's page spells it. */
export function toTokenReply(body: unknown, grantType: unknown): Record<string, unknown> {
  const { scope: _, ...reply } = Object(body);
  return { ...reply, token_type: String(grantType).endsWith("device_code") ? "Bearer" : "bearer" };
}

/**
 * AuthKit does not identify itself in authorization responses (RFC 9207), oidc-provider always does. The parameter
 * is cut from the text: what else is in the URL keeps its bytes.
 */
export function stripIssuerParameter(location: string, issuer: string): string {
  const parameter = `iss=${encodeURIComponent(issuer)}`;
  const at = location.lastIndexOf(parameter);
  if (at < 1 || !"?&".includes(location.charAt(at - 1))) return location;
  const rest = location.slice(at + parameter.length);
  return rest.startsWith("&") ? location.slice(0, at) + rest.slice(1) : location.slice(0, at - 1) + rest;
}
