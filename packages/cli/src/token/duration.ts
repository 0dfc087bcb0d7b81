const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A time seen from now, in words: `in 4 minutes`, `2 hours ago`. Both in seconds since the epoch. */
export function relative(time: number, now: number): string {
  const seconds = Math.round(Math.abs(time - now));
  if (seconds === 0) return "now";
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3];
  const number = Math.floor(seconds / length);
  const words = `${number} ${unit}${number === 1 ? "" : "s"}`;
  return time > now ? `in ${words}` : `${words} ago`;
}
