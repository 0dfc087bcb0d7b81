import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { AUDIENCE, type SigningKey } from "../tokens.js";

/**
 * Whether a token is good, decided by jose with its strictest options, and by what RFC 7515 and 7519 ask for and jose leaves
 * to its caller: one spelling, finite times, no ID token. Nothing of Connect's is in it.
 */
export async function isGoodToken(token: string, issuer: string, key: SigningKey): Promise<boolean> {
  const parts = token.split(".");
  const isOneSpelling = parts.every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
  if (parts.length !== 3 || !isOneSpelling) return false;
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, createLocalJWKSet({ keys: [{ kty: "RSA", ...key.jwk }] }), {
      issuer,
      audience: AUDIENCE,
      algorithms: ["RS256"],
      requiredClaims: ["iss", "aud", "exp", "iat", "sub"],
      clockTolerance: 5,
    }));
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
  return (
    typeof payload.sub === "string" &&
    payload.sub !== "" &&
    [payload.exp, payload.iat].every(Number.isFinite) &&
    !["nonce", "at_hash", "c_hash"].some((claim) => claim in payload)
  );
}

/** Where the one external_auth_id of a request target is, as the URL standard reads it; `undefined` where there is none of use. */
export function usableId(target: string): string | undefined {
  const base = "http://application.invalid";
  // What is no URL at all counts as the front page's, with the query that it has.
  const readable = URL.canParse(target, base) ? target : `/?${target.split("?").slice(1).join("?")}`;
  const [id, ...more] = new URL(readable, base).searchParams.getAll("external_auth_id");
  return id !== undefined && more.length === 0 && /^[!-~]{1,512}$/.test(id) ? id : undefined;
}

/** Whether headers say that somebody opened the page themselves. */
export function isNavigation(headers: Readonly<Record<string, unknown>>): boolean {
  const purposes = ["sec-purpose", "purpose", "x-moz"].map((name) => String(headers[name] ?? ""));
  const destination = headers["sec-fetch-dest"];
  return (
    !purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose)) &&
    headers["next-router-prefetch"] === undefined &&
    (destination === undefined || destination === "document")
  );
}

/** Whether two texts of dots and base64url hold the same bytes. */
export function areSameBytes(one: string, other: string): boolean {
  const [left, right] = [one.split("."), other.split(".")];
  return (
    left.length === right.length &&
    left.every((part, index) =>
      Buffer.from(part, "base64url").equals(Buffer.from(right[index] ?? "", "base64url")),
    )
  );
}
