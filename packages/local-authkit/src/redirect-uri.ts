import type { Switches } from "./switches.js";

const LOOPBACK = "http://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])";
const LOOPBACK_PORT = new RegExp(`^(${LOOPBACK}):\\d{1,5}(?=[/?]|$)`);
const LOOPBACK_URI = new RegExp(`^${LOOPBACK}([/?]|$)`);

const SCRIPTABLE_SCHEMES = ["javascript:", "data:", "vbscript:", "blob:", "file:", "about:"];

/** Whether a browser may be sent to this URI at all: absolute, without fragment, and nothing that runs as a script. */
export function isRedirectUri(value: string): boolean {
  return URL.canParse(value) && !value.includes("#") && !SCRIPTABLE_SCHEMES.includes(new URL(value).protocol);
}

/**
 * Whether an application that nobody looked at may name this redirect URI: `https`, `http` on the user's own machine,
 * or a scheme of its own (RFC 8252 section 7).
 */
export function isDynamicRedirectUri(value: string): boolean {
  return isRedirectUri(value) && (new URL(value).protocol !== "http:" || isLoopback(value));
}

/**
 * Whether an application may be sent to this URI: registered byte for byte, or, where the `loopbackPort` is free, a
 * loopback `http` URI that differs in its port only (RFC 8252 section 7.3; that AuthKit does this is assumed).
 */
export function isRedirectUriAllowed(
  registered: readonly string[],
  requested: string,
  { loopbackPort }: Pick<Switches, "loopbackPort">,
): boolean {
  return (
    registered.includes(requested) ||
    (loopbackPort === "free" &&
      isLoopback(requested) &&
      registered.some((uri) => withoutPort(uri) === withoutPort(requested)))
  );
}

function isLoopback(uri: string): boolean {
  return LOOPBACK_URI.test(withoutPort(uri));
}

function withoutPort(uri: string): string {
  return uri.replace(LOOPBACK_PORT, "$1");
}
