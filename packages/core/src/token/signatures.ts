import type { CryptoKey } from "jose";
import * as base64url from "jose/base64url";
import { importJWK } from "jose/key/import";
import type { Algorithm, Signatures } from "../ports.js";

/** Signatures checked by Web Crypto with keys that jose imports: on every runtime, and without a secret key of any kind. */
export const webSignatures: Signatures<CryptoKey> = {
  async importKey(jwk, algorithm) {
    const key = await importJWK({ ...jwk }, algorithm);
    if (key instanceof Uint8Array) throw new TypeError("a symmetric key");
    return key;
  },
  async verify(token, key, algorithm) {
    const end = token.lastIndexOf(".");
    // A copy of its own kind: what jose decodes into could be shared memory, for all that its type says.
    const signature = Uint8Array.from(base64url.decode(token.slice(end + 1)));
    const data = new TextEncoder().encode(token.slice(0, end));
    try {
      return await crypto.subtle.verify(toParameters(algorithm), key, signature, data);
    } catch {
      // Some runtimes throw where a signature has not even the length of one.
      return false;
    }
  },
};

/** How Web Crypto calls an algorithm of RFC 7518 or RFC 8037. What the key says of itself (its hash for RSA) it knows. */
function toParameters(algorithm: Algorithm): { name: string; saltLength?: number; hash?: string } {
  if (algorithm === "EdDSA") return { name: "Ed25519" };
  const bits = Number(algorithm.slice(2));
  switch (algorithm[0]) {
    case "E":
      return { name: "ECDSA", hash: `SHA-${bits}` };
    case "P":
      return { name: "RSA-PSS", saltLength: bits / 8 };
    default:
      return { name: "RSASSA-PKCS1-v1_5" };
  }
}
