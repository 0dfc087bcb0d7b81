import {
  createHmac,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import type { ScriptedAuthKit } from "./authkit.js";
import { send } from "./send.js";

type Part = object | string;

/** All that it takes to make tokens that are nearly good: the issuer's key where it may be, and a stranger's. */
export interface TokenForge {
  readonly issuer: string;
  /** A good token, and its parts read. */
  readonly good: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The issuer's public key, as everybody can fetch it. */
  readonly publicKey: KeyObject;
  /** Where the stranger publishes a key set, and that key. */
  readonly strangersUrl: string;
  readonly strangersJwk: JsonWebKey;
  /** Signed by the issuer. Texts are taken as they are. */
  issue(header: Part, payload: Part): Promise<string>;
  /** Signed by the stranger. */
  forge(header: Part, payload: Part): string;
  /** Signed with a secret. */
  hmac(header: Part, secret: string | Buffer, hash?: string): string;
}

export async function createTokenForge(authkit: ScriptedAuthKit, strangersUrl: string): Promise<TokenForge> {
  const good = await authkit.token();
  const [header, claims] = good
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  const [jwk] = JSON.parse((await send(`${authkit.url}/oauth2/jwks`)).body).keys;
  const stranger = await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 });
  return {
    issuer: authkit.url,
    good,
    header,
    claims,
    publicKey: createPublicKey({ key: jwk, format: "jwk" }),
    strangersUrl,
    strangersJwk: { ...stranger.publicKey.export({ format: "jwk" }), kid: jwk.kid },
    issue: (one, other) => authkit.sign(toText(one), toText(other)),
    forge: (one, other) => {
      const text = `${encode(toText(one))}.${encode(toText(other))}`;
      return `${text}.${encode(sign("sha256", Buffer.from(text), stranger.privateKey))}`;
    },
    hmac: (one, secret, hash = "sha256") => {
      const text = `${encode(toText(one))}.${encode(toText(claims))}`;
      return `${text}.${createHmac(hash, secret).update(text).digest("base64url")}`;
    },
  };
}

export function encode(value: string | Buffer): string {
  return Buffer.from(value).toString("base64url");
}

function toText(part: Part): string {
  return typeof part === "string" ? part : JSON.stringify(part);
}
