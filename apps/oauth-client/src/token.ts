import { decodeJwt, decodeProtectedHeader } from "jose";

/** The readable parts of a JWT. */
export interface DecodedToken {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/**
 * Reads an access token for showing it; null when it isn't a JWT. Its signature isn't checked: that is the
 * API's part, and a client has no use for what an access token says.
 */
export function decodeToken(token: string): DecodedToken | null {
  try {
    return { header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token) };
  } catch {
    return null;
  }
}
