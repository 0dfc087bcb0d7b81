/** The value of one cookie in a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  return pairsOf(header)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** A `Cookie` header in which one cookie has another value, or is gone. */
export function writeCookie(header: string | undefined, name: string, value: string | undefined): string {
  const others = pairsOf(header).filter((pair) => !pair.startsWith(`${name}=`));
  return (value === undefined ? others : [...others, `${name}=${value}`]).join("; ");
}

function pairsOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter(Boolean);
}
