import { exportSPKI, type JWTPayload } from "jose";
import { encodePart, type Header, sign } from "./jws.js";
import { foreignKey, type SigningKey } from "./keys.js";

/** Makes a token: a promise of a string. */
export type TokenMaker<Options> = (options?: Options) => Promise<string>;

/** Tokens with exactly one fault each. A resource server that lets one of them in has a hole. */
export interface BrokenTokens<Options> {
  /** Was good until five minutes ago. */
  readonly expired: TokenMaker<Options>;
  /** Becomes good in an hour (`nbf`). */
  readonly notYetValid: TokenMaker<Options>;
  /** Made for another resource. */
  readonly wrongAudience: TokenMaker<Options>;
  /** Of another AuthKit environment, by its `iss`. */
  readonly wrongIssuer: TokenMaker<Options>;
  /** The issuer with a slash at its end. */
  readonly issuerWithSlash: TokenMaker<Options>;
  /** Signed by a stranger, under the `kid` of AuthKit's key. */
  readonly wrongKey: TokenMaker<Options>;
  /** Signed by a stranger, under a `kid` that AuthKit does not publish. */
  readonly unknownKey: TokenMaker<Options>;
  /** Signed by a stranger, whose key comes along in the header (`jwk`). */
  readonly embeddedKey: TokenMaker<Options>;
  /** Says another `sub` than it was signed with. */
  readonly tampered: TokenMaker<Options>;
  /** `alg: none` (RFC 7519 section 6). */
  readonly unsigned: TokenMaker<Options>;
  /** HS256, with AuthKit's public key as the secret (RFC 8725 section 2.1). */
  readonly hmac: TokenMaker<Options>;
  /** Lives for ever: no `exp`. */
  readonly withoutExpiry: TokenMaker<Options>;
  /** No `sub`. */
  readonly withoutSubject: TokenMaker<Options>;
  /** No `aud`. */
  readonly withoutAudience: TokenMaker<Options>;
  /** AuthKit's ID token of the same login: it tells the client who signed in. */
  readonly idToken: TokenMaker<Options>;
  /** A logout token, by its `typ`. */
  readonly logoutToken: TokenMaker<Options>;
  /** No JWT at all. */
  readonly garbage: TokenMaker<Options>;
}

/** What a broken token is made from. */
export interface Genuine {
  readonly header: Header;
  readonly claims: JWTPayload;
  readonly key: SigningKey;
  /** Seconds since the epoch. */
  readonly now: number;
}

type Forgery = (genuine: Genuine) => string | Promise<string>;

/** Each fault once, by its name. */
export const FORGERIES = {
  expired: ({ header, claims, key, now }) =>
    sign(header, { ...claims, iat: now - 600, exp: now - 300 }, key.privateKey),
  notYetValid: ({ header, claims, key, now }) =>
    sign(header, { ...claims, nbf: now + 3_600, exp: now + 7_200 }, key.privateKey),
  wrongAudience: withClaims({ aud: "https://another-resource.example" }),
  wrongIssuer: withClaims({ iss: "https://another-issuer.example" }),
  issuerWithSlash: ({ header, claims, key }) =>
    sign(header, { ...claims, iss: `${claims.iss}/` }, key.privateKey),
  wrongKey: async ({ header, claims }) => sign(header, claims, (await foreignKey()).privateKey),
  unknownKey: async ({ header, claims }) => {
    const { kid, privateKey } = await foreignKey();
    return sign({ ...header, kid }, claims, privateKey);
  },
  embeddedKey: async ({ header, claims }) => {
    const { jwk, privateKey } = await foreignKey();
    return sign({ ...header, jwk }, claims, privateKey);
  },
  tampered: async ({ header, claims, key }) => {
    const [head, , signature] = (await sign(header, claims, key.privateKey)).split(".");
    return `${head}.${encodePart({ ...claims, sub: "user_somebody_else" })}.${signature}`;
  },
  unsigned: ({ header, claims }) => `${encodePart({ ...header, alg: "none" })}.${encodePart(claims)}.`,
  hmac: async ({ header, claims, key }) =>
    sign({ ...header, alg: "HS256" }, claims, new TextEncoder().encode(await exportSPKI(key.publicKey))),
  withoutExpiry: withClaims({ exp: undefined }),
  withoutSubject: withClaims({ sub: undefined }),
  withoutAudience: withClaims({ aud: undefined }),
  idToken: ({ header, claims: { client_id, scope, jti, ...rest }, key }) =>
    sign(header, { ...rest, aud: String(client_id), nonce: crypto.randomUUID() }, key.privateKey),
  logoutToken: ({ header, claims, key }) => sign({ ...header, typ: "logout+jwt" }, claims, key.privateKey),
  garbage: () => "garbage",
} satisfies Record<keyof BrokenTokens<unknown>, Forgery>;

function withClaims(changes: { readonly [claim: string]: string | undefined }): Forgery {
  return ({ header, claims, key }) => sign(header, { ...claims, ...changes } as JWTPayload, key.privateKey);
}
