/** 32 bytes out of a secret for one purpose alone (HKDF with SHA-256, RFC 5869). */
export async function deriveKey(secret: string, purpose: string): Promise<Uint8Array> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(secret), "HKDF", false, ["deriveBits"]);
  const info = text.encode(`@connect/core ${purpose}`);
  const settings = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(settings, key, 256));
}
