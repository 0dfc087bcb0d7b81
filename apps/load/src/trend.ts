/** How a figure went, over readings at even distances. */
export interface Trend {
  /** The mean of the first third of the readings, and of the last. */
  readonly first: number;
  readonly last: number;
  /** By how much it grew from the first reading to the last, by the line that fits all of them best (least squares). */
  readonly growth: number;
}

/** Throws where there are fewer than three readings. */
export function trendOf(values: readonly number[]): Trend {
  if (values.length < 3) throw new Error("a trend takes three readings");
  const third = Math.floor(values.length / 3);
  const middle = (values.length - 1) / 2;
  const average = mean(values);
  let product = 0;
  let square = 0;
  for (const [index, value] of values.entries()) {
    product += (index - middle) * (value - average);
    square += (index - middle) ** 2;
  }
  return {
    first: mean(values.slice(0, third)),
    last: mean(values.slice(-third)),
    growth: (product / square) * (values.length - 1),
  };
}

/** What is more than noise: `growth` in bytes, and as a part of what there was at first. Both must be passed. */
export interface Tolerance {
  readonly growth: number;
  readonly part: number;
}

export function isGrowing({ first, last, growth }: Trend, tolerance: Tolerance): boolean {
  const least = Math.min(growth, last - first);
  return least > tolerance.growth && least > tolerance.part * first;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
