/**
 * Says whether a POST came from this app's own pages. A program that sends neither `Sec-Fetch-Site` nor
 * `Origin` passes: it has no user to trick.
 */
export function isSameOrigin(headers: Headers, ownOrigin: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = headers.get("origin");
  return origin === null || origin === ownOrigin;
}
