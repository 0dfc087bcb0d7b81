import {
  constants,
  createHmac,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import type { Algorithm } from "../../src/index.js";
import { CLAIMS } from "./issuer.js";

/** All algorithms that a verifier can allow. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "EdDSA",
] as const satisfies readonly Algorithm[];

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A compact JWS in its parts. The signature is bytes, so that it can be changed and written down again. */
export interface Jws {
  readonly header: string;
  readonly payload: string;
  readonly signature: Buffer;
}

export const isRsa = (algorithm: Algorithm): boolean => /^[RP]S/.test(algorithm);

export const generateKeys = promisify(generateKeyPair);

/** A key pair that fits the algorithm. RSA keys fit six of them. */
export async function createKeyPair(algorithm: Algorithm): Promise<KeyPair> {
  if (algorithm === "ES256") return generateKeys("ec", { namedCurve: "P-256" });
  if (algorithm === "ES384") return generateKeys("ec", { namedCurve: "P-384" });
  if (algorithm === "EdDSA") return generateKeys("ed25519", {});
  return generateKeys("rsa", { modulusLength: 2_048 });
}

export function toJwk({ publicKey }: KeyPair, kid = "k"): JsonWebKey {
  return { ...publicKey.export({ format: "jwk" }), kid };
}

/**
 * The signature of a text: made with Node's crypto directly, and neither with jose nor with our own code. The salt of
 * RSA-PSS is as long as the hash (RFC 7518 section 3.5).
 */
export function signText(
  text: string,
  algorithm: Algorithm,
  { privateKey }: KeyPair,
  saltLength: number = Number(algorithm.slice(2)) / 8,
): Buffer {
  const hash = algorithm === "EdDSA" ? null : `sha${algorithm.slice(2)}`;
  const padding = algorithm.startsWith("PS") ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength } : {};
  return sign(hash, Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363", ...padding });
}

export function encodeBytes(bytes: string | Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** A token with this header and payload, both given as the bytes or the text that they are. */
export function signParts(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  algorithm: Algorithm,
  pair: KeyPair,
): Jws {
  const parts = { header: encodeBytes(header), payload: encodeBytes(payload) };
  return { ...parts, signature: signText(`${parts.header}.${parts.payload}`, algorithm, pair) };
}

/** A good token of its own, different each time. */
export function signGood(algorithm: Algorithm, pair: KeyPair, kid = "k"): Jws {
  const claims = { ...CLAIMS, jti: randomUUID() };
  return signParts(JSON.stringify({ alg: algorithm, kid }), JSON.stringify(claims), algorithm, pair);
}

/** Good tokens, until there is one whose signature is as it should be. */
export function signUntil(
  algorithm: Algorithm,
  pair: KeyPair,
  isWanted: (signature: Buffer) => boolean,
): Jws {
  for (;;) {
    const jws = signGood(algorithm, pair);
    if (isWanted(jws.signature)) return jws;
  }
}

/** HMAC over a header and a good payload. */
export function signWithSecret(header: object, secret: string | Buffer): Jws {
  const parts = { header: encodeBytes(JSON.stringify(header)), payload: encodeBytes(JSON.stringify(CLAIMS)) };
  const text = `${parts.header}.${parts.payload}`;
  return { ...parts, signature: createHmac("sha256", secret).update(text).digest() };
}

export function write({ header, payload, signature }: Jws): string {
  return `${header}.${payload}.${encodeBytes(signature)}`;
}

/** A number as so many bytes, the first the highest; `undefined` where it does not fit. */
export function toBytes(value: bigint, length: number): Buffer | undefined {
  const digits = value.toString(16);
  return digits.length > length * 2 ? undefined : Buffer.from(digits.padStart(length * 2, "0"), "hex");
}

export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}
