import { createHmac } from "node:crypto";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { createVerifier, type Fetch, type Verifier, type VerifierConfig } from "../../src/index.js";

export const ISSUER = "https://example.authkit.app";
export const AUDIENCE = "https://api.example.com/mcp";
/** The moment at which all of these tests happen, in seconds since the epoch. */
export const NOW = 1_700_000_000;
/** Whose tokens these are; must not turn up in an error. */
export const SUBJECT = "user_SUBJECT-THAT-NOBODY-MAY-SEE";

export const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: SUBJECT,
  iat: NOW - 10,
  exp: NOW + 290,
} as const;

const rsa = await generateKeyPair("RS256", { extractable: true });
const ec = await generateKeyPair("ES256", { extractable: true });
const stranger = await generateKeyPair("RS256");
const publicKeyPem = await exportSPKI(rsa.publicKey);

/** The issuer's key set: one RSA key and one EC key. */
export const JWKS: { readonly keys: readonly JWK[] } = {
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: "rsa-1", alg: "RS256", use: "sig" },
    { ...(await exportJWK(ec.publicKey)), kid: "ec-1", alg: "ES256", use: "sig" },
  ],
};

/** A good token's claims with some changed; `undefined` leaves a claim out. */
export type Changes = Readonly<Record<string, unknown>>;

async function sign(key: CryptoKey, header: { alg: string; kid?: string; typ?: string }, changes: Changes) {
  const claims = Object.entries({ ...CLAIMS, ...changes }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(claims)).setProtectedHeader(header).sign(key);
}

/** A token signed with the issuer's RSA key. */
export function signToken(changes: Changes = {}, header: { kid?: string; typ?: string } = {}) {
  return sign(rsa.privateKey, { alg: "RS256", kid: "rsa-1", ...header }, changes);
}

/** A token signed with the issuer's EC key. */
export function signEcToken() {
  return sign(ec.privateKey, { alg: "ES256", kid: "ec-1" }, {});
}

/** A token that names the issuer's key and is signed with another. */
export function signStrangersToken() {
  return sign(stranger.privateKey, { alg: "RS256", kid: "rsa-1" }, {});
}

/** A token signed with HMAC, the issuer's public key for its secret. */
export function signWithPublicKey() {
  const content = `${encode({ alg: "HS256", kid: "rsa-1" })}.${encode(CLAIMS)}`;
  return `${content}.${createHmac("sha256", publicKeyPem).update(content).digest("base64url")}`;
}

/** A token without a signature. */
export function leaveUnsigned(header: object) {
  return `${encode(header)}.${encode(CLAIMS)}.`;
}

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

export const serveKeys: Fetch = async () => Response.json(JWKS);

/** A verifier whose time stands still at `NOW` and whose keys are `JWKS`. */
export function createTestVerifier<Claims = Readonly<Record<string, unknown>>>(
  config: Partial<VerifierConfig<Claims>> = {},
): Verifier<Claims> {
  return createVerifier<Claims>({
    issuer: ISSUER,
    audience: AUDIENCE,
    fetch: serveKeys,
    clock: () => NOW * 1000,
    ...config,
  });
}
