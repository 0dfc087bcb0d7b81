import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits, safe in a URL, a cookie and a header. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256, so that what is kept cannot be used by who reads it. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Compares in a time that tells nothing of either value, their lengths included. */
export function equalSecrets(one: string, other: string): boolean {
  const digest = (secret: string) => createHash("sha256").update(secret).digest();
  return timingSafeEqual(digest(one), digest(other));
}
