import { importJWK, jwtVerify } from "jose";
import { createTestVerifier, GOOD_TOKEN, JWK, NOW } from "../issuer.js";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

/** The body that the issuer's key set is answered with. */
export const keys: Target = {
  name: "keys",
  words: [
    ...[
      "keys",
      "kty",
      "kid",
      "use",
      "alg",
      "n",
      "e",
      "crv",
      "x",
      "y",
      "d",
      "k",
      "key_ops",
      "x5c",
      "__proto__",
    ],
    ...[
      "OKP",
      "RSA",
      "EC",
      "oct",
      "Ed25519",
      "P-256",
      "sig",
      "enc",
      "verify",
      "EdDSA",
      "RS256",
      "k",
      "AQAB",
      "AQ",
    ],
    ...[
      JSON.stringify(JWK),
      JWK.x,
      '":"',
      '","',
      '":',
      "{",
      "}",
      "[",
      "]",
      "},{",
      "null",
      "\\u0000",
      "1e400",
      "\ufeff",
    ],
  ],
  async run(input) {
    const verifier = createTestVerifier({
      cacheSize: 0,
      fetch: async () => new Response(Uint8Array.from(input)),
    });
    const { verdict, given } = await verdictOf(() => verifier.verify(GOOD_TOKEN));
    if (given === undefined) {
      const isFitting = /^(jwks_unavailable|invalid_token: (kid|signature)$)/.test(verdict);
      expect(isFitting, "a good token was blamed for more than the set not having its key");
      return verdict;
    }
    const set: { keys: unknown[] } = JSON.parse(new TextDecoder().decode(input));
    const fitting = await Promise.all(set.keys.map(fits));
    expect(fitting.some(Boolean), "a token was let in without its key in the set");
    return verdict;
  },
};

/** Whether jose lets the token in with this key of a set, which must be for it and nobody's secret. */
async function fits(entry: unknown): Promise<boolean> {
  if (typeof entry !== "object" || entry === null) return false;
  const { kid, use, d, ...jwk } = entry as Record<string, unknown>;
  if (kid !== JWK.kid || d !== undefined || (use !== undefined && use !== "sig")) return false;
  const { kty, crv, x } = jwk;
  try {
    const key = await importJWK({ kty, crv, x } as { kty: string }, "EdDSA");
    await jwtVerify(GOOD_TOKEN, key, { currentDate: new Date(NOW * 1_000) });
    return true;
  } catch {
    return false;
  }
}
