import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
} from "jose";

import type { Collection, State } from "./state.js";

/**
 * What the key ids of every local AuthKit begin with. Keys of the real one do not, so that who verifies tokens in
 * production can refuse them by their names.
 */
export const KEY_ID_PREFIX = "dev-";

/** The keys that tokens are signed with. All of them are published; the newest one signs. */
export class SigningKeys {
  readonly #kept: Collection<JWK>;
  readonly #publicKeys = new Map<string, CryptoKey>();

  private constructor(kept: Collection<JWK>) {
    this.#kept = kept;
  }

  static async open(state: State): Promise<SigningKeys> {
    const keys = new SigningKeys(state.collection("signing_keys"));
    for (const jwk of keys.#kept.values()) await keys.#read(jwk);
    if (keys.#publicKeys.size === 0) await keys.rotate();
    return keys;
  }

  /** Private keys, the one that signs first. */
  get all(): JWK[] {
    return this.#kept.values().reverse();
  }

  /** From now on a new key signs. Those before stay published. */
  async rotate(): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const jwk = await exportJWK(privateKey);
    // From the key itself: caches of keys see at a restart that it is another.
    const kid = `${KEY_ID_PREFIX}${await calculateJwkThumbprint(jwk)}`;
    const key: JWK = { ...jwk, kid, use: "sig", alg: "RS256" };
    await this.#read(key);
    this.#kept.set(kid, key);
  }

  /** The public key that a token names. Rejects if there is none. */
  readonly find: JWTVerifyGetKey = async ({ kid = "" }) => {
    const key = this.#publicKeys.get(kid);
    if (!key) throw new Error("unknown key");
    return key;
  };

  async #read({ kty, n, e, kid = "" }: JWK): Promise<void> {
    this.#publicKeys.set(kid, (await importJWK({ kty, n, e } as JWK, "RS256")) as CryptoKey);
  }
}
