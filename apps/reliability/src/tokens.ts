import { createHmac, generateKeyPair, type KeyObject, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";

/** The audience of good tokens. */
export const AUDIENCE = "https://api.example.com/mcp";

/** A key of AuthKit's, or of somebody who would like to be. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As it is published. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** A new key; with a `kid`, one that passes itself off as another's. */
export async function createKey(kid: string = `key_${randomBytes(8).toString("hex")}`): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
  return { kid, privateKey, publicKey, jwk };
}

/** The claims of a good token of AuthKit's, for a user of its own. */
export function goodClaims(issuer: string, now: number = Date.now()): Record<string, unknown> {
  const seconds = Math.floor(now / 1_000);
  return {
    iss: issuer,
    aud: AUDIENCE,
    sub: `user_${randomBytes(12).toString("hex")}`,
    client_id: "client_01",
    jti: `jti_${randomBytes(12).toString("hex")}`,
    scope: "openid notes:read",
    iat: seconds,
    exp: seconds + 300,
  };
}

/** A compact JWS of these texts, as they are. */
export function signTexts(key: SigningKey, header: string, payload: string, hash = "sha256"): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign(hash, Buffer.from(input), key.privateKey).toString("base64url")}`;
}

/** The same with HMAC, the public key being the secret. */
export function signConfused(key: SigningKey, header: string, payload: string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const secret = key.publicKey.export({ format: "pem", type: "spki" });
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

export function encode(text: string | Buffer): string {
  return Buffer.from(text).toString("base64url");
}

/** A token as AuthKit makes them. */
export function mint(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string {
  return signTexts(key, JSON.stringify({ alg: "RS256", kid: key.kid, ...header }), JSON.stringify(claims));
}
