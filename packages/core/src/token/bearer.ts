import { verifierError } from "../errors.js";
import type { RequestView } from "../ports.js";
import { invalidToken, MAX_TOKEN_LENGTH } from "./jwt.js";

const SCHEME = "bearer ";

/**
 * What stands where the access token should, as the header is mostly written; `undefined` where it is written another
 * way. Not looked at any further: good enough to find a token that is known already.
 */
export function peekBearer(request: RequestView): string | undefined {
  const header = request.headers.get("authorization");
  return header?.startsWith("Bearer ") ? header.slice(SCHEME.length) : undefined;
}

/**
 * The access token of the Authorization header (RFC 6750 section 2.1); query, body and cookies are never looked at.
 * Throws `missing_token` where there is no bearer token, `invalid_request` where the header can't hold one, and
 * `invalid_token` where it is too long to be one of AuthKit's.
 */
export function readBearer(request: RequestView): string {
  const header = request.headers.get("authorization");
  if (header === null || header === "") throw verifierError("missing_token");
  const isBearer = header.slice(0, SCHEME.length).toLowerCase() === SCHEME;
  if (!isBearer) {
    // "Bearer" alone is a broken bearer header; any other scheme is just not ours.
    if (header.length <= SCHEME.length && header.trim().toLowerCase() === SCHEME.trim()) {
      throw verifierError("invalid_request", { reason: "empty" });
    }
    throw verifierError("missing_token");
  }
  const token = header.slice(SCHEME.length);
  if (token.length > MAX_TOKEN_LENGTH) throw invalidToken("too_long");
  // A second header is joined with a comma, which is not part of RFC 6750's b64token either.
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    throw verifierError("invalid_request", { reason: "characters" });
  return token;
}
