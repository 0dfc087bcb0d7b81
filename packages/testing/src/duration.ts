/** A span of time with its unit: `"500ms"`, `"2s"`, `"5m"`, `"1h"`, `"7d"`. */
export type DurationText = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A span of time in milliseconds; a bare number counts `unit`s. Throws a `TypeError` for what is none. */
export function toMilliseconds(duration: number | DurationText, unit: "ms" | "s" = "ms"): number {
  const text = typeof duration === "number" ? `${duration}${unit}` : duration;
  const [, amount, of = ""] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const size = MILLISECONDS[of];
  if (amount === undefined || size === undefined) throw new TypeError(`Not a duration such as "2s": ${text}`);
  return Number(amount) * size;
}
