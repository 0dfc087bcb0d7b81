import { decodeBase64url } from "../base64url.js";
import type { Algorithm, PublicJwk, Signatures } from "../ports.js";

/** More than any issuer has; a set beyond it is somebody's attempt to keep us busy. */
const MAX_KEYS = 64;

const MIN_RSA_BITS = 2_048;

/** The curve whose keys an algorithm takes (RFC 7518 section 6.2, RFC 8037); all others take RSA keys. */
const CURVES: Readonly<Partial<Record<Algorithm, string>>> = {
  ES256: "P-256",
  ES384: "P-384",
  EdDSA: "Ed25519",
};

/** A key of the issuer's. It stays the same object for as long as the issuer publishes it. */
export class SigningKey {
  /** Turns false when the key has left the set: nothing that it signed counts any more. */
  isPublished = true;
  readonly jwk: PublicJwk;
  readonly #signatureLength: number;
  readonly #imported = new Map<Algorithm, unknown>();

  constructor(jwk: PublicJwk) {
    this.jwk = jwk;
    this.#signatureLength = signatureLength(jwk);
  }

  /** Whether this key is meant for this `kid` and algorithm. */
  fits(kid: string | undefined, algorithm: Algorithm): boolean {
    const { kty, crv, alg } = this.jwk;
    const curve = CURVES[algorithm];
    const type = curve === undefined ? "RSA" : curve === "Ed25519" ? "OKP" : "EC";
    return (
      (kid === undefined || this.jwk.kid === kid) &&
      kty === type &&
      (curve === undefined || crv === curve) &&
      (alg === undefined || alg === algorithm)
    );
  }

  /** Whether the token is signed with this key. Throws where the key can't be taken into use. */
  verify(token: string, algorithm: Algorithm, signatures: Signatures): boolean | Promise<boolean> {
    // Where a signature begins with a zero, libraries take it without, too: a token would have two spellings.
    if (token.length - token.lastIndexOf(".") - 1 !== this.#signatureLength) return false;
    const key = this.#imported.get(algorithm);
    return key === undefined
      ? this.#verifyFirst(token, algorithm, signatures)
      : signatures.verify(token, key, algorithm);
  }

  async #verifyFirst(token: string, algorithm: Algorithm, signatures: Signatures): Promise<boolean> {
    const key = await signatures.importKey(this.jwk, algorithm);
    this.#imported.set(algorithm, key);
    return signatures.verify(token, key, algorithm);
  }
}

/**
 * The usable signing keys of a JSON Web Key Set; `undefined` where it has none, which is an outage and not a set.
 * Secret and private keys, keys for encryption, RSA keys below 2048 bits and RSA keys that anybody could sign with are
 * left out. A key that was published before comes back as the object it was.
 */
export function parseKeySet(value: unknown, known: readonly SigningKey[]): readonly SigningKey[] | undefined {
  const list: unknown =
    typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined;
  if (!Array.isArray(list) || list.length > MAX_KEYS) return undefined;
  const keys = list.flatMap((entry) => {
    const jwk = parseKey(entry);
    if (jwk === undefined) return [];
    const text = JSON.stringify(jwk);
    return known.find((key) => JSON.stringify(key.jwk) === text) ?? new SigningKey(jwk);
  });
  return keys.length === 0 ? undefined : keys;
}

/** Whatever else a set says of a key goes no further: libraries make different things of it, and it may be nested without end. */
const MEMBERS = ["kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"] as const;

function parseKey(value: unknown): PublicJwk | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const members = value as Record<string, unknown>;
  const { kty, use, key_ops, n, e, d, k } = members;
  if (d !== undefined || k !== undefined) return undefined;
  if (use !== undefined && use !== "sig") return undefined;
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes("verify"))) return undefined;
  if (!(kty === "RSA" ? isSoundRsa(n, e) : kty === "EC" || kty === "OKP")) return undefined;
  const given = MEMBERS.map((name) => [name, members[name]]).filter(([, member]) => member !== undefined);
  if (!given.every(([, member]) => typeof member === "string")) return undefined;
  // All of them were looked at, and `kty` is among them.
  return Object.fromEntries(given) as PublicJwk;
}

/** An exponent of one leaves a message as it is; RFC 8017 section 3.1 has it odd and at least three. */
function isSoundRsa(n: unknown, e: unknown): boolean {
  const modulus = readNumber(n);
  const exponent = readNumber(e);
  const bits = modulus.length * 8 - (Math.clz32(modulus.charCodeAt(0)) - 24);
  return bits >= MIN_RSA_BITS && exponent !== "\u0001" && exponent.charCodeAt(exponent.length - 1) % 2 === 1;
}

/**
 * The characters of a signature by this key. It has as many bytes as the modulus, or two numbers of the curve's size:
 * RFC 8017 section 8, RFC 7518 section 3.4, RFC 8032 section 5.1.6.
 */
function signatureLength({ kty, crv, n }: PublicJwk): number {
  const bytes = kty === "RSA" ? readNumber(n).length : crv === "P-384" ? 96 : 64;
  return Math.ceil((bytes * 4) / 3);
}

/** A number's bytes, one a character, without the zeros that some put before it; none where it is no base64url. */
function readNumber(value: unknown): string {
  try {
    // Whatever else JSON can hold fails as a string that is no base64url does.
    return decodeBase64url(value as string).replace(/^\0+/, "");
  } catch {
    return "";
  }
}
