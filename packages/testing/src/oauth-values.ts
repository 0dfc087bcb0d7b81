import { base64url } from "jose";

/** A value that nobody guesses: a state, or a PKCE verifier (RFC 7636 section 4.1). */
export function randomText(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
}

/** The `S256` challenge of a verifier (RFC 7636 section 4.2). */
export async function toCodeChallenge(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url.encode(new Uint8Array(digest));
}

export function toText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** An error code of OAuth's, and nothing that only passes for one. */
export function toWord(error: string): string {
  return /^[a-z_]{1,60}$/.test(error) ? error : "of another form";
}
