import { describe, expect, it } from "vitest";
import { isGrowing, trendOf } from "../src/trend.js";

const tolerance = { growth: 8, part: 0.25 };
const series = (value: (index: number) => number) => Array.from({ length: 100 }, (_, index) => value(index));

describe("the trend of memory", () => {
  it("is the line that fits the readings best, and how the last of them compare with the first", () => {
    expect(trendOf([10, 11, 12, 13, 14, 15])).toEqual({ first: 10.5, last: 14.5, growth: 5 });
  });

  it.each<[string, boolean, (index: number) => number]>([
    ["grows steadily", true, (index) => 20 + index * 0.3],
    ["grows in steps", true, (index) => 20 + Math.floor(index / 10) * 3],
    ["stays", false, () => 20],
    ["goes up and down", false, (index) => 20 + 15 * Math.sin(index)],
    ["grows by little", false, (index) => 20 + index * 0.05],
    ["grows by a small part", false, (index) => 2_000 + index * 0.3],
    ["has one high reading at its end", false, (index) => (index === 99 ? 90 : 20)],
    ["shrinks", false, (index) => 60 - index * 0.3],
  ])("that %s: growing is %s", (_, expected, value) => {
    expect(isGrowing(trendOf(series(value)), tolerance)).toBe(expected);
  });
});
