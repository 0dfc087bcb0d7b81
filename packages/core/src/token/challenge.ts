import { invalidConfig } from "../config.js";
import { type ConnectError, ERRORS, type ErrorCode } from "../errors.js";
import type { Challenge } from "../outcome.js";

/** The codes that RFC 6750 section 3.1 defines; only these are named in a challenge. */
const NAMED: ReadonlySet<ErrorCode> = new Set(["invalid_request", "invalid_token", "insufficient_scope"]);

/**
 * The refusal of a request, as RFC 6750 section 3 puts it. A request without a token gets a bare `Bearer`: it made no
 * error that could be named. The description is fixed text, the same for every way in which a token can be bad.
 */
export function toChallenge(error: ConnectError, scopes: readonly string[]): Challenge {
  if (!NAMED.has(error.code)) return { type: "challenge", error, challenge: "Bearer" };
  const parameters = [`error="${error.code}"`, `error_description="${ERRORS[error.code].message}"`];
  if (error.code === "insufficient_scope") parameters.push(`scope="${scopes.join(" ")}"`);
  return { type: "challenge", error, challenge: `Bearer ${parameters.join(", ")}` };
}

/** Checks the scopes a route asks for: RFC 6749 section 3.3 scope tokens. Throws `invalid_config`. */
export function checkScopes(scopes: readonly string[]): void {
  const isList = Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string");
  if (!isList || !scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    throw invalidConfig("scopes: must be a list of scope names");
  }
}
