import { deriveKey } from "./derived-key.js";

/** How much of it there is, in bytes: enough that no two logins of a day look the same. */
const LENGTH = 8;

/**
 * Names for ids in logs: HMAC-SHA-256 with a key of its own derived from the secret, cut short, in hexadecimal. Whoever
 * lacks the secret can't tell an id by trying.
 */
export function createKeyedFingerprint(secret: string, purpose: string): (id: string) => Promise<string> {
  let key: Promise<CryptoKey> | undefined;
  return async (id) => {
    key ??= importKey(secret, purpose);
    const mac = await crypto.subtle.sign("HMAC", await key, new TextEncoder().encode(id));
    const short = new Uint8Array(mac, 0, LENGTH);
    return Array.from(short, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
}

async function importKey(secret: string, purpose: string): Promise<CryptoKey> {
  const bytes = new Uint8Array(await deriveKey(secret, purpose));
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
