const DIFFERENCES: readonly (readonly [how: string, simplify: (text: string) => string])[] = [
  ["by a slash at its end", (text) => text.replace(/\/$/, "")],
  ["by capital letters", (text) => text.toLowerCase()],
  ["by http and https", (text) => text.replace(/^https?:/, "")],
  ["by white space", (text) => text.trim()],
];

/**
 * How a value nearly is the text that is expected, without showing either: `by a slash at its end`. Empty where it is
 * something else altogether. Of a list, the member that comes nearest.
 */
export function describeDifference(value: unknown, expected: string): string {
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  const found = DIFFERENCES.find(([, simplify]) =>
    texts.some((text) => simplify(text) === simplify(expected)),
  );
  return found?.[0] ?? "";
}
