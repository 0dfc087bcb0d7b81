import type { Algorithm, PublicJwk, Signatures } from "../ports.js";

/** More than any issuer has; a set beyond it is somebody's attempt to keep us busy. */
const MAX_KEYS = 64;

const MIN_RSA_BITS = 2_048;

/** Which key an algorithm takes: RFC 7518 section 6.1 and RFC 8037. */
const KEY_TYPES: Readonly<Record<Algorithm, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
  PS256: { kty: "RSA" },
  PS384: { kty: "RSA" },
  PS512: { kty: "RSA" },
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
};

/** A key of the issuer's. It stays the same object for as long as the issuer publishes it. */
export class SigningKey {
  /** Turns false when the key has left the set: nothing that it signed counts any more. */
  isPublished = true;
  readonly jwk: PublicJwk;
  readonly #imported = new Map<Algorithm, unknown>();

  constructor(jwk: PublicJwk) {
    this.jwk = jwk;
  }

  /** Whether this key is meant for this `kid` and algorithm. */
  fits(kid: string | undefined, algorithm: Algorithm): boolean {
    const { kty, crv, alg } = this.jwk;
    const type = KEY_TYPES[algorithm];
    return (
      (kid === undefined || this.jwk.kid === kid) &&
      kty === type.kty &&
      (type.crv === undefined || crv === type.crv) &&
      (alg === undefined || alg === algorithm)
    );
  }

  /** Whether the token is signed with this key. Throws where the key can't be taken into use. */
  async verify(token: string, algorithm: Algorithm, signatures: Signatures): Promise<boolean> {
    let key = this.#imported.get(algorithm);
    if (key === undefined) {
      key = await signatures.importKey(this.jwk, algorithm);
      this.#imported.set(algorithm, key);
    }
    return signatures.verify(token, key, algorithm);
  }
}

/**
 * The usable signing keys of a JSON Web Key Set; `undefined` where it has none, which is an outage and not a set.
 * Secret and private keys, keys for encryption and RSA keys below 2048 bits are left out. A key that was published
 * before comes back as the object it was.
 */
export function parseKeySet(value: unknown, known: readonly SigningKey[]): readonly SigningKey[] | undefined {
  const list: unknown =
    typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined;
  if (!Array.isArray(list) || list.length > MAX_KEYS) return undefined;
  const keys = list.filter(isUsable).map((jwk) => {
    const text = JSON.stringify(jwk);
    return known.find((key) => JSON.stringify(key.jwk) === text) ?? new SigningKey(jwk);
  });
  return keys.length === 0 ? undefined : keys;
}

function isUsable(value: unknown): value is PublicJwk {
  if (typeof value !== "object" || value === null) return false;
  const { kty, use, key_ops, kid, n, d, k } = value as Record<string, unknown>;
  if (d !== undefined || k !== undefined) return false;
  if (use !== undefined && use !== "sig") return false;
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes("verify"))) return false;
  if (kid !== undefined && typeof kid !== "string") return false;
  if (kty !== "RSA") return kty === "EC" || kty === "OKP";
  // Four characters of base64url hold three bytes; a modulus has no leading zeros (RFC 7518 section 6.3.1.1).
  return typeof n === "string" && Math.floor((n.length * 3) / 4) * 8 >= MIN_RSA_BITS;
}
