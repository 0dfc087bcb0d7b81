/** Whether an address is on this very machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Whether nothing that is said to it can be read on the way: `https`, or on this machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === "https:" || isLoopback(url);
}

/** Of http and https alone: `localhost:3000` is a URL, too, with `localhost` for its scheme. */
export function parseUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

export function hasCredentials({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}
