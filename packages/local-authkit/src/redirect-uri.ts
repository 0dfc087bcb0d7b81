const LOOPBACK_PORT = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d{1,5}(?=[/?]|$)/;

/**
 * Whether an application may be sent to this URI: registered byte for byte, or a loopback `http` URI that differs
 * in its port only (RFC 8252 section 7.3; that AuthKit does this is assumed).
 */
export function isRedirectUriAllowed(registered: readonly string[], requested: string): boolean {
  const withoutPort = (uri: string) => uri.replace(LOOPBACK_PORT, "$1");
  const isLoopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([/?]|$)/.test(withoutPort(requested));
  return (
    registered.includes(requested) ||
    (isLoopback && registered.some((uri) => withoutPort(uri) === withoutPort(requested)))
  );
}
