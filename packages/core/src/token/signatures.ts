import type { CryptoKey } from "jose";
import { importJWK } from "jose/key/import";
import { decodeBase64url, toBytes } from "../base64url.js";
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
    const signature = toBytes(decodeBase64url(token.slice(end + 1)));
    // A compact JWS is ASCII.
    const data = toBytes(token.slice(0, end));
    try {
      return await crypto.subtle.verify(toParameters(algorithm), key, signature, data);
    } catch {
      // Some runtimes throw where a signature has not even the length of one.
      return false;
    }
  },
};

/** The families of RFC 7518 and RFC 8037 in Web Crypto's words. */
const NAMES: Readonly<Record<string, string>> = {
  RS: "RSASSA-PKCS1-v1_5",
  PS: "RSA-PSS",
  ES: "ECDSA",
  Ed: "Ed25519",
};

/** How Web Crypto is told of an algorithm: from each it reads what that one has, and leaves the rest. */
function toParameters(algorithm: Algorithm): { name: string; hash: string; saltLength: number } {
  const bits = Number(algorithm.slice(2));
  return { name: NAMES[algorithm.slice(0, 2)] ?? "", hash: `SHA-${bits}`, saltLength: bits / 8 };
}
