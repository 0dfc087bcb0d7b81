/** Bytes from text that has one a character. */
export function toBytes(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The bytes of base64url text, one a character. Throws where it is none. */
export function decodeBase64url(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}
