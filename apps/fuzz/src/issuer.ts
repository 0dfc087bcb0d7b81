import { createPrivateKey, createPublicKey, sign as signBytes } from "node:crypto";
import { createVerifier, type Verifier, type VerifierConfig } from "@connect/core";
import { nodeSignatures } from "@connect/core/node";
import { jwtVerify } from "jose";

export const ISSUER = "https://example.authkit.app";
export const AUDIENCE = "https://api.example.com/mcp";
/** The moment at which all of this happens, in seconds since the epoch. */
export const NOW = 1_700_000_000;

/** The example of RFC 8037 appendix A.1: no secret, and it signs a text the same way each time. */
const PRIVATE_JWK = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
} as const;
const privateKey = createPrivateKey({ key: PRIVATE_JWK, format: "jwk" });
const publicKey = createPublicKey(privateKey);

const { d: _, ...publicJwk } = PRIVATE_JWK;
/** As a key set has it. */
export const JWK = { ...publicJwk, kid: "k" };

const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: "user_1", iat: NOW - 10, exp: NOW + 290 };

/** Anything as a token that the issuer signed. */
export function signParts(header: string | Buffer, payload: string | Buffer): string {
  return signText(`${encode(header)}.${encode(payload)}`);
}

/** A text and the signature over it. */
export function signText(text: string): string {
  return `${text}.${encode(signBytes(null, Buffer.from(text), privateKey))}`;
}

export const GOOD_TOKEN = signParts('{"alg":"EdDSA","kid":"k"}', JSON.stringify(CLAIMS));

function encode(value: string | Buffer): string {
  return Buffer.from(value).toString("base64url");
}

/** A verifier of the issuer's tokens whose time stands still. */
export function createTestVerifier<Claims = Readonly<Record<string, unknown>>>(
  config: Partial<VerifierConfig<Claims>> = {},
): Verifier<Claims> {
  return createVerifier<Claims>({
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
    signatures: nodeSignatures,
    clock: () => NOW * 1_000,
    fetch: async () => Response.json({ keys: [JWK] }),
    ...config,
  });
}

/** Whether jose would let the token in, told all that it can be told of ours. */
export function isGoodForJose(token: string): Promise<boolean> {
  return jwtVerify(token, publicKey, {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
    requiredClaims: ["iss", "aud", "sub", "iat", "exp"],
    clockTolerance: 5,
    currentDate: new Date(NOW * 1_000),
  }).then(
    () => true,
    () => false,
  );
}
