import { base64url, CompactSign, type CryptoKey, type JWTPayload } from "jose";

/** The header of a token; AuthKit's has `alg` and `kid`, and no `typ`. */
export type Header = Readonly<Record<string, unknown>> & { readonly alg: string };

/** A JWT in compact form. A claim that is `undefined` is left out. */
export function sign(
  header: Header,
  claims: JWTPayload,
  key: CryptoKey | Uint8Array<ArrayBuffer>,
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader(header)
    .sign(key);
}

/** A header or payload as it stands in a token. */
export function encodePart(part: object): string {
  return base64url.encode(JSON.stringify(part));
}
