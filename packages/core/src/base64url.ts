/** The bytes of base64url text, one a character. Throws where it is none. */
export function decodeBase64url(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}
