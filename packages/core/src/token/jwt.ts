import { decodeBase64url, toBytes } from "../base64url.js";
import { type ConnectError, verifierError, withoutStack } from "../errors.js";
import type { Algorithm } from "../ports.js";

/** Tokens of AuthKit's have some 800 characters, with 3 KB of custom claims some 5,000. */
export const MAX_TOKEN_LENGTH = 8_192;

const MAX_KID_LENGTH = 256;

/** What a token's header says about its signature. */
export interface JwtHeader {
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
}

/** What a token must say of itself. */
export interface JwtRules {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: ReadonlySet<string>;
  /** Seconds. */
  readonly clockTolerance: number;
}

/** The claims of a token that says what it must. Whether it may say so, its signature tells. */
export type JwtPayload = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly iat: number;
  readonly exp: number;
  readonly nbf?: number;
  readonly scope?: string;
};

/** The `typ` values of access tokens. AuthKit sends none; ID tokens and logout tokens of other kinds name theirs. */
const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set([
  "jwt",
  "at+jwt",
  "application/jwt",
  "application/at+jwt",
]);

const ID_TOKEN_CLAIMS = ["nonce", "at_hash", "c_hash"] as const;

/**
 * Takes a compact JWS apart, in the one spelling it has: decoders that skip white space, padding or spare bits let one
 * token appear in many, and a list of revoked tokens miss all but one. Throws `invalid_token`, reason `malformed`.
 */
export function splitToken(token: string): { header: string; payload: string } {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw invalidToken("malformed");
  const [header = "", payload = "", signature = ""] = token.split(".");
  if (!isCanonical(header) || !isCanonical(payload) || !isCanonical(signature))
    throw invalidToken("malformed");
  return { header, payload };
}

/** Reads headers as {@link parseHeader} does, and the same one again at no cost: all tokens of a key have the same. */
export function createHeaderParser(algorithms: ReadonlySet<string>): (encoded: string) => JwtHeader {
  let last: { readonly encoded: string; readonly header: JwtHeader } | undefined;
  return (encoded) => {
    if (last?.encoded !== encoded) last = { encoded, header: parseHeader(encoded, algorithms) };
    return last.header;
  };
}

/**
 * Reads what the header says of the signature; keys or key addresses in it (`jwk`, `jku`, `x5u`, ...) are never used.
 * Throws `invalid_token` with reason `malformed`, `alg`, `typ`, `kid` or `crit`.
 */
function parseHeader(encoded: string, algorithms: ReadonlySet<string>): JwtHeader {
  const { alg, kid, typ, crit, b64 } = decodeObject(encoded);
  if (typeof alg !== "string" || !algorithms.has(alg)) throw invalidToken("alg");
  // RFC 7515 section 4.1.11: an extension that is marked critical and not understood makes the token invalid.
  if (crit !== undefined || b64 !== undefined) throw invalidToken("crit");
  if (typ !== undefined && !(typeof typ === "string" && ACCESS_TOKEN_TYPES.has(typ.toLowerCase()))) {
    throw invalidToken("typ");
  }
  const isKid = typeof kid === "string" && kid !== "" && kid.length <= MAX_KID_LENGTH;
  if (kid !== undefined && !isKid) throw invalidToken("kid");
  return { algorithm: alg as Algorithm, kid };
}

/**
 * Reads the claims and checks all that can be checked without a key, since that costs next to nothing. Throws
 * `invalid_token` with the name of the first claim that is wrong, `expired`, `id_token`, or `malformed`.
 *
 * @param now seconds since the epoch
 */
export function parsePayload(encoded: string, rules: JwtRules, now: number): JwtPayload {
  const payload = decodeObject(encoded);
  const { iss, aud, sub, iat, exp, nbf, scope } = payload;
  // Claims that only an ID token has (OpenID Connect Core 2 and 3.3.2.11): it tells a client who signed in, and opens nothing.
  if (ID_TOKEN_CLAIMS.some((claim) => Object.hasOwn(payload, claim))) throw invalidToken("id_token");
  if (iss !== rules.issuer) throw invalidToken("iss", rules.issuer);
  if (!(Array.isArray(aud) ? aud.every(isString) && aud.includes(rules.audience) : aud === rules.audience)) {
    throw invalidToken("aud", rules.audience);
  }
  if (!isTime(exp)) throw invalidToken("exp");
  if (now >= exp + rules.clockTolerance) throw invalidToken("expired");
  if (!isTime(iat)) throw invalidToken("iat");
  if (nbf !== undefined && !(isTime(nbf) && now >= nbf - rules.clockTolerance)) throw invalidToken("nbf");
  if (!isString(sub) || sub === "") throw invalidToken("sub");
  if (scope !== undefined && !isString(scope)) throw invalidToken("scope");
  // Each member that the type names has just been looked at.
  return payload as JwtPayload;
}

function decodeObject(encoded: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = withoutStack(() => JSON.parse(decodeText(encoded)));
  } catch {}
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalidToken("malformed");
  return value as Record<string, unknown>;
}

/** The text of base64url in UTF-8. Mostly it is ASCII, which needs no second look. */
function decodeText(encoded: string): string {
  const bytes = decodeBase64url(encoded);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII, too.
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  return new TextDecoder("utf-8", { fatal: true }).decode(toBytes(bytes));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Whether base64url encoding ends like this: no lone character, and no spare bits set in the last one. */
function isCanonical(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 0) return true;
  const spareBits = rest === 2 ? 0b1111 : 0b11;
  return rest !== 1 && (ALPHABET.indexOf(text.charAt(text.length - 1)) & spareBits) === 0;
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** JSON can hold numbers that are infinite once read ("1e400"): those would never expire. */
function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

export function invalidToken(reason: string, expected?: string): ConnectError {
  return verifierError("invalid_token", { reason, expected });
}
