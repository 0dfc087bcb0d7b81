interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly isSecure: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * A browser's cookies (RFC 6265), with two differences: each port is a host of its own, since two applications on one
 * machine stand for two sites, and `Domain` widens nothing.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie[]>();

  /** Takes the `Set-Cookie` headers of an answer from this address. */
  store(headers: readonly string[], url: URL, now = Date.now()): void {
    for (const header of headers) {
      const cookie = parse(header, url, now);
      if (cookie !== undefined) this.#put(url.origin, cookie);
    }
  }

  /** Takes a `Cookie` header, as if the origin had set those cookies for all its paths. */
  seed(header: string, origin: string): void {
    for (const pair of header.split(";")) {
      const [name, value] = splitPair(pair);
      if (name !== "") {
        this.#put(origin, { name, value, path: "/", isSecure: false, expiresAt: Number.POSITIVE_INFINITY });
      }
    }
  }

  /** The `Cookie` header of a request to this address; empty where there are none. */
  header(url: URL, now = Date.now()): string {
    return (this.#cookies.get(url.origin) ?? [])
      .filter(({ path, isSecure, expiresAt }) => {
        return expiresAt > now && isBelow(url.pathname, path) && (!isSecure || isTrustworthy(url));
      })
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  #put(origin: string, cookie: Cookie): void {
    const others = (this.#cookies.get(origin) ?? []).filter(
      ({ name, path }) => name !== cookie.name || path !== cookie.path,
    );
    this.#cookies.set(origin, [...others, cookie]);
  }
}

function parse(header: string, url: URL, now: number): Cookie | undefined {
  const [pair = "", ...parts] = header.split(";");
  const [name, value] = splitPair(pair);
  if (name === "") return undefined;
  const attributes = new Map(parts.map(splitPair).map(([key, of]) => [key.toLowerCase(), of]));
  const given = attributes.get("path");
  const cookie = {
    name,
    value,
    path: given?.startsWith("/") ? given : defaultPath(url),
    isSecure: attributes.has("secure"),
    expiresAt: expiryOf(attributes, now),
  };
  if (cookie.isSecure && !isTrustworthy(url)) return undefined;
  if (name.startsWith("__Secure-") && !cookie.isSecure) return undefined;
  const isHost = cookie.isSecure && given === "/" && !attributes.has("domain");
  return name.startsWith("__Host-") && !isHost ? undefined : cookie;
}

function splitPair(pair: string): [name: string, value: string] {
  const end = pair.indexOf("=");
  return end < 0 ? [pair.trim(), ""] : [pair.slice(0, end).trim(), pair.slice(end + 1).trim()];
}

/** `Max-Age` goes before `Expires`; without either a cookie lives as long as the browser. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number {
  const maxAge = attributes.get("max-age") ?? "";
  if (/^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

/** RFC 6265 section 5.1.4. */
function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, Math.max(1, pathname.lastIndexOf("/")));
}

function isBelow(pathname: string, path: string): boolean {
  return (
    pathname === path || (pathname.startsWith(path) && (path.endsWith("/") || pathname[path.length] === "/"))
  );
}

/** Where browsers take `Secure` cookies: https, and loopback. */
function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
