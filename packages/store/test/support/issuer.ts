import { createVerifier, type Verifier, type VerifierConfig } from "@connect/core";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export const ISSUER = "https://example.authkit.app";
const AUDIENCE = "https://api.example.com";

const { privateKey, publicKey } = await generateKeyPair("RS256");
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "store", alg: "RS256", use: "sig" }] };

/** An access token of this consent. */
export function signToken(consentId: string): Promise<string> {
  return new SignJWT({ sid: consentId })
    .setProtectedHeader({ alg: "RS256", kid: "store" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject("user_1")
    .setIssuedAt()
    .setExpirationTime("5 minutes")
    .sign(privateKey);
}

/** A verifier that can fetch the issuer's keys, unless `config` says otherwise. */
export function createTestVerifier(
  config: Partial<VerifierConfig<Readonly<Record<string, unknown>>>> = {},
): Verifier {
  const fetch = async () => Response.json(jwks);
  return createVerifier({ issuer: ISSUER, audience: AUDIENCE, fetch, ...config });
}
