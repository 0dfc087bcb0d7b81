import type { Switches } from "./switches.js";

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

/** A confidential client that shows no secret. */
export const SECRET_MISSING: Record<Switches["missingSecret"], TokenError> = {
  invalid_client: CLIENT_NOT_AUTHENTICATED,
  // Seen live; the status is assumed.
  unauthorized: { status: 401, body: { error: "unauthorized" } },
};

/** What is known of the request that is answered. */
export interface TokenRequest {
  grantType: unknown;
  isClientKnown: boolean;
  /** Whether it is a confidential client without any secret. */
  isSecretMissing: boolean;
}

/** AuthKit's error for one of oidc-provider's, or undefined where the answer is none. */
export function toTokenError(
  body: unknown,
  { grantType, isClientKnown, isSecretMissing }: TokenRequest,
  { missingSecret, badCode }: Switches,
): TokenError | undefined {
  const { error, error_description: description } = Object(body);
  if (typeof error !== "string") return undefined;
  if (error === "invalid_client") {
    if (!isClientKnown) return UNKNOWN_CLIENT;
    return isSecretMissing ? SECRET_MISSING[missingSecret] : CLIENT_NOT_AUTHENTICATED;
  }
  if (description === "no client authentication mechanism provided") return MISSING_CLIENT;
  if (description === "requested grant type is not allowed for this client") {
    return { status: 400, body: { error: "unauthorized_client", error_description: description } };
  }
  const isBadCode = error === "invalid_grant" && grantType === "authorization_code";
  return { status: 400, body: { error: isBadCode ? badCode : error, error_description: description } };
}

/** By default the documented members alone: no `scope`, and `token_type` as each grant's page spells it. */
export function toTokenReply(
  body: unknown,
  { grantType }: TokenRequest,
  { tokenType, scopeMember }: Switches,
): Record<string, unknown> {
  const { scope, ...reply } = Object(body);
  const isCapital = tokenType === "Bearer" || String(grantType).endsWith("device_code");
  return {
    ...reply,
    token_type: isCapital ? "Bearer" : "bearer",
    ...(scopeMember === "present" && { scope }),
  };
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
