import { constants, createPublicKey, createVerify, type KeyObject, verify } from "node:crypto";
import type { Algorithm, Signatures } from "../ports.js";

/** How Node's crypto calls the algorithms of RFC 7518 and RFC 8037: the hash, the type of key, and its own settings. */
const SETTINGS: Readonly<
  Record<Algorithm, readonly [hash: string | null, keyType: string, settings: object]>
> = {
  RS256: ["sha256", "rsa", {}],
  RS384: ["sha384", "rsa", {}],
  RS512: ["sha512", "rsa", {}],
  PS256: ["sha256", "rsa", pss(32)],
  PS384: ["sha384", "rsa", pss(48)],
  PS512: ["sha512", "rsa", pss(64)],
  ES256: ["sha256", "ec", { dsaEncoding: "ieee-p1363" }],
  ES384: ["sha384", "ec", { dsaEncoding: "ieee-p1363" }],
  EdDSA: [null, "ed25519", {}],
};

/**
 * Signatures checked by Node's own crypto, at once instead of on another thread:
 * `createVerifier({ signatures: nodeSignatures, ... })`. For Node; everywhere else the default does.
 */
export const nodeSignatures: Signatures<KeyObject> = {
  importKey(jwk, algorithm) {
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    if (key.asymmetricKeyType !== SETTINGS[algorithm][1]) throw new TypeError("a key of another type");
    return key;
  },
  verify(token, key, algorithm) {
    const [hash, , settings] = SETTINGS[algorithm];
    const end = token.lastIndexOf(".");
    const data = token.slice(0, end);
    const signature = Buffer.from(token.slice(end + 1), "base64url");
    if (key.asymmetricKeyType !== "rsa")
      return verify(hash, Buffer.from(data, "latin1"), { key, ...settings }, signature);
    // The same for RSA, and without a copy of the token.
    return createVerify(hash ?? "")
      .update(data, "latin1")
      .verify({ key, ...settings }, signature);
  },
};

function pss(saltLength: number): object {
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}
