import { type ConnectError, verifierError } from "./errors.js";
import type { OnEvent } from "./events.js";
import type { Fetch } from "./ports.js";

/** Refuses a configuration, naming the option and never its value. */
export function invalidConfig(reason: string): ConnectError {
  return verifierError("invalid_config", { reason });
}

/** `https`, or `http` on this very machine: nothing secret goes over an open wire. */
function isSecure(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/** An absolute URL: https, or http on loopback; no credentials. */
function parseAbsoluteUrl(value: unknown, option: string): URL {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) throw invalidConfig(`${option}: not an absolute URL`);
  if (!isSecure(url)) throw invalidConfig(`${option}: must be https, or http on loopback`);
  if (url.username !== "" || url.password !== "") throw invalidConfig(`${option}: must not hold credentials`);
  return url;
}

/** An absolute URL that may be talked to: https, or http on loopback; no credentials, query or fragment. */
export function parseServiceUrl(value: unknown, option: string): URL {
  const url = parseAbsoluteUrl(value, option);
  // In the text, not in `search` and `hash`: those are empty for a bare "?" or "#", which would swallow a path to come.
  if (/[?#]/.test(url.href)) throw invalidConfig(`${option}: must have no query or fragment`);
  return url;
}

/**
 * An absolute URL that is told to others: https, or http on loopback; no credentials and no fragment. It may have a
 * query, and can stand in a quoted string of a header, also as a URL parser writes it.
 */
export function parsePublicUrl(value: unknown, option: string): URL {
  const url = parseAbsoluteUrl(value, option);
  // A parser mends what others compare with this URL byte for byte: white space, quotes, missing slashes.
  if (!/^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/i.test(String(value))) {
    throw invalidConfig(`${option}: must be visible ASCII without quotes and backslashes`);
  }
  if (url.href.includes("#")) throw invalidConfig(`${option}: must have no fragment`);
  return url;
}

/** As {@link parseServiceUrl}, and without a path: `https://example.authkit.app`. */
export function parseOrigin(value: unknown, option: string): string {
  const url = parseServiceUrl(value, option);
  if (url.pathname !== "/") throw invalidConfig(`${option}: must have no path`);
  return url.origin;
}

/** A list of origins, each as {@link parseOrigin} reads it. */
export function parseOrigins(value: unknown, option: string): string[] {
  if (!Array.isArray(value)) throw invalidConfig(`${option}: must be a list of origins`);
  return value.map((origin) => parseOrigin(origin, option));
}

/** A string that can stand in an HTTP header: visible ASCII, at least one character. */
export function parseHeaderSafe(value: unknown, option: string): string {
  // A variable of the environment that nobody set.
  if (value === undefined || value === "") throw invalidConfig(`${option}: is empty`);
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw invalidConfig(`${option}: must be visible ASCII`);
  }
  return value;
}

/** Whether this can be the name of a scope (RFC 6749 section 3.3). */
export function isScope(value: unknown): value is string {
  return typeof value === "string" && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** Checks a list of scope names. */
export function checkScopes(scopes: readonly string[], option: string): void {
  if (!Array.isArray(scopes) || !scopes.every(isScope)) {
    throw invalidConfig(`${option}: must be a list of scope names`);
  }
}

/** A number of the option's unit from zero (or `above` it) up to a bound. */
export function parseAmount(value: unknown, option: string, range: { min: number; max: number }): number {
  if (typeof value !== "number" || !(value >= range.min && value <= range.max)) {
    throw invalidConfig(`${option}: must be a number from ${range.min} to ${range.max}`);
  }
  return value;
}

/** A function, where one was given. */
export function parseFunction<F>(value: F | undefined, option: string, fallback: F): F {
  if (value === undefined) return fallback;
  if (typeof value !== "function") throw invalidConfig(`${option}: must be a function`);
  return value;
}

/** What tells of events, where anybody listens: it never throws, whatever the listener does. */
export function parseOnEvent<Event>(value: OnEvent<Event> | undefined): ((event: Event) => void) | undefined {
  const onEvent = parseFunction(value, "onEvent", undefined);
  return (
    onEvent &&
    ((event) => {
      try {
        // No async function: a promise for each remembered token would double what one costs.
        const told = onEvent(event);
        if (told !== undefined) Promise.resolve(told).catch(() => {});
      } catch {}
    })
  );
}

/** An implementation of a port, where one was given. */
export function parsePort<Port extends object>(
  value: Port | undefined,
  option: string,
  methods: readonly (keyof Port & string)[],
): Port | undefined {
  if (value === undefined) return undefined;
  const isPort = typeof value === "object" && value !== null;
  if (!isPort || !methods.every((method) => typeof value[method] === "function")) {
    throw invalidConfig(`${option}: must have the functions ${methods.join(" and ")}`);
  }
  return value;
}

/** The network to use. */
export function parseFetch(value: Fetch | undefined): Fetch {
  // Called through globalThis at call time: a bare reference loses its receiver on some runtimes.
  return parseFunction<Fetch>(value, "fetch", (input, init) => globalThis.fetch(input, init));
}

/**
 * A place in a browser: a path on this site ("/sign-in"), or an absolute https (loopback http) URL. Returns it as a
 * URL parser writes it, so that what was checked is what is sent. `undefined` for anything else.
 */
export function parseLocation(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const isPath = value.startsWith("/");
  // A base without meaning: a path that names another host ("//host", "/\host") gives itself away by leaving it.
  const base = "https://path.invalid";
  if (!URL.canParse(value, isPath ? base : undefined)) return undefined;
  const url = new URL(value, isPath ? base : undefined);
  if (isPath) return url.origin === base ? toPath(url) : undefined;
  return isSecure(url) && url.username === "" && url.password === "" ? url.href : undefined;
}

/** Path, query and fragment of a URL, or `undefined` where a browser would read them as another host ("/.//host"). */
function toPath(url: URL): string | undefined {
  return url.pathname.startsWith("//") ? undefined : url.pathname + url.search + url.hash;
}
