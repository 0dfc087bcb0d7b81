import { invalidConfig, parsePort } from "../config.js";
import type { KeysCache, Store, StoredKeys } from "../ports.js";

/** The longest that a verifier goes by a key set, in seconds: its ten minutes, and the most that `keysMaxStale` takes. */
const USEFUL_FOR = 600 + 86_400;

/**
 * Keeps an issuer's keys in a store, so that the next start finds them there: `createVerifier({ keysCache })`. Whoever
 * can write to the store can put keys of their own there, and make tokens that are taken for AuthKit's.
 *
 * @param name of the key set, such as its URL: verifiers of different issuers need different ones
 * @throws `invalid_config`, naming the parameter
 */
export function storedKeys(store: Store, name: string): KeysCache {
  if (parsePort(store, "store", ["get", "set", "delete"]) === undefined) {
    throw invalidConfig("store: is missing");
  }
  if (typeof name !== "string" || name === "") throw invalidConfig("name: must be a text");
  const key = `connect:keys:${name}`;

  return {
    async read() {
      return parseStoredKeys(await store.get(key));
    },
    async write(keys) {
      await store.set(key, JSON.stringify(keys), USEFUL_FOR);
    },
  };
}

/** What was written, or nothing. The keys themselves are looked at by the verifier, as if they had just been fetched. */
function parseStoredKeys(text: string | undefined): StoredKeys | undefined {
  try {
    const { jwks, uat } = JSON.parse(text ?? "null") as StoredKeys;
    return Array.isArray(jwks.keys) && typeof uat === "number" ? { jwks, uat } : undefined;
  } catch {
    return undefined;
  }
}
