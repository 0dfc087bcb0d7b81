import { createHmac, createPublicKey, generateKeyPair, type JsonWebKey, sign } from "node:crypto";
import { promisify } from "node:util";
import { encode, type TokenForge } from "@connect/adapter-contract/attack-list";

/** What an attack throws that needs the issuer's own key: nobody but AuthKit can make it. */
export class NeedsIssuersKey extends Error {}

/** What a stranger can make tokens with: a key of their own, and what everybody knows of the issuer's. */
export interface StrangersKit {
  readonly issuer: string;
  readonly audience: string;
  /** A key that the issuer publishes. */
  readonly jwk: JsonWebKey & { readonly kid?: string };
  /** A token that the server takes; without one, attacks that write a good one in odd ways are made with a forged one. */
  readonly good: string | undefined;
  /** Where the stranger publishes a key set. */
  readonly strangersUrl: string;
}

export async function createStrangersForge({
  issuer,
  audience,
  jwk,
  good,
  strangersUrl,
}: StrangersKit): Promise<TokenForge> {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", kid: jwk.kid };
  const claims = {
    iss: issuer,
    aud: audience,
    sub: "user_stranger",
    iat: now,
    exp: now + 300,
    scope: "openid",
  };
  const stranger = await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 });
  const forge = (one: object | string, other: object | string) => {
    const text = `${encode(toText(one))}.${encode(toText(other))}`;
    return `${text}.${encode(sign("sha256", Buffer.from(text), stranger.privateKey))}`;
  };
  return {
    issuer,
    good: good ?? forge(header, claims),
    header,
    claims,
    publicKey: createPublicKey({ key: jwk, format: "jwk" }),
    strangersUrl,
    strangersJwk: { ...stranger.publicKey.export({ format: "jwk" }), kid: jwk.kid },
    issue: () => Promise.reject(new NeedsIssuersKey()),
    forge,
    hmac: (one, secret, hash = "sha256") => {
      const text = `${encode(toText(one))}.${encode(toText(claims))}`;
      return `${text}.${createHmac(hash, secret).update(text).digest("base64url")}`;
    },
  };
}

function toText(part: object | string): string {
  return typeof part === "string" ? part : JSON.stringify(part);
}
