import { type CryptoKey, compactVerify, errors, importJWK } from "jose";
import type { Signatures } from "../ports.js";

/** Signatures checked by jose on Web Crypto: on every runtime, and without a secret key of any kind. */
export const joseSignatures: Signatures<CryptoKey> = {
  async importKey(jwk, algorithm) {
    const key = await importJWK({ ...jwk }, algorithm);
    if (key instanceof Uint8Array) throw new TypeError("a symmetric key");
    return key;
  },
  async verify(token, key, algorithm) {
    try {
      await compactVerify(token, key, { algorithms: [algorithm] });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  },
};
