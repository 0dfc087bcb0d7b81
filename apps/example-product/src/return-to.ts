/** Where to go after signing in: a path on this site, or `/` for anything that could lead elsewhere. */
export function readReturnTo(value: unknown): string {
  if (typeof value !== "string" || !value.startsWith("/") || /\p{Cc}/u.test(value)) return "/";
  const site = "http://site.invalid";
  if (!URL.canParse(value, site)) return "/";
  const { origin, pathname, search, hash } = new URL(value, site);
  // A second look at the path: `/.//host` is harmless as it stands and `//host` once its dots are resolved.
  if (origin !== site || pathname.startsWith("//")) return "/";
  return pathname + search + hash;
}
