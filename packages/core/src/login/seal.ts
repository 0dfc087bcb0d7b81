import { deriveKey } from "./derived-key.js";

/** Makes text that nobody else can read, change or make, and reads it again until its time is over. */
export interface Seal {
  /** @param seconds how long it can be opened */
  close(content: Readonly<Record<string, unknown>>, seconds: number): Promise<string>;
  /** The content; `undefined` for anything that this seal did not close, or whose time is over. */
  open(text: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** Nothing sealed is longer; what is, isn't looked at. */
const MAX_LENGTH = 8_192;

/**
 * A seal: JSON Web Encryption (RFC 7516) with A256GCM. The keys are derived from the secrets (HKDF, RFC 5869), others
 * for each purpose, so that what is sealed for one purpose opens for no other. The first secret closes, all of them open.
 */
export function createSeal(secrets: readonly string[], purpose: string): Seal {
  let keys: Promise<Uint8Array[]> | undefined;
  const getKeys = () => {
    keys ??= Promise.all(secrets.map((secret) => deriveKey(secret, purpose)));
    return keys;
  };

  return {
    async close(content, seconds) {
      const [key = new Uint8Array()] = await getKeys();
      // Not with the rest of core, here and below: most processes never seal, and loading it is a fifth of what core's start takes.
      const { EncryptJWT } = await import("jose/jwt/encrypt");
      return new EncryptJWT({ ...content })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
        .encrypt(key);
    },
    async open(text) {
      if (text.length > MAX_LENGTH) return undefined;
      const { jwtDecrypt } = await import("jose/jwt/decrypt");
      for (const key of await getKeys()) {
        const opened = await jwtDecrypt(text, key, {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
          requiredClaims: ["exp"],
        }).catch(() => undefined);
        if (opened !== undefined) return opened.payload;
      }
      return undefined;
    },
  };
}
