/** The one thing needed of a request's headers; the web's `Headers` has it. */
export interface HeadersView {
  get(name: string): string | null;
}

/**
 * Says whether a POST came from one of this site's own pages, so that no other site can sign a browser in or
 * out. A program that sends neither `Sec-Fetch-Site` nor `Origin` passes: it has no user to trick.
 */
export function isSameOrigin(headers: HeadersView): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = headers.get("origin");
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get("host");
}
