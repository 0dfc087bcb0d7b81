import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from "jose";

/** A key pair that signs RS256, and its public half as a key set publishes it. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

// RSA keys are slow to make: one process makes each once, when it is first needed, for all its kits.
const made = new Map<string, Promise<SigningKey>>();

/** AuthKit's first, second, third ... key. */
export function authkitKey(generation: number): Promise<SigningKey> {
  return keyNamed(`test_key_${generation}`);
}

/** A key that no test AuthKit ever publishes. */
export function foreignKey(): Promise<SigningKey> {
  return keyNamed("foreign_key");
}

function keyNamed(kid: string): Promise<SigningKey> {
  const known = made.get(kid);
  if (known !== undefined) return known;
  const key = makeKey(kid);
  made.set(kid, key);
  return key;
}

async function makeKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
  return { kid, privateKey, publicKey, jwk };
}
