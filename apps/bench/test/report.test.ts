import { describe, expect, it } from "vitest";
import { renderChart } from "../src/chart.js";
import { goalsOf } from "../src/goals.js";
import { readMachine } from "../src/machine.js";
import { formatNumber, renderReport, renderText } from "../src/report.js";
import { type Results, readVersions } from "../src/results.js";
import type { Table } from "../src/table.js";

const tables: readonly Table[] = [
  {
    id: "repeat-one",
    title: "One token",
    note: "As it comes.",
    columns: [
      { key: "wall", label: "µs" },
      { key: "jose", label: "times as fast as jose" },
    ],
    rows: [
      { subject: "jose", values: { wall: 123.456, jose: 1 } },
      { subject: "connect", values: { wall: 0.25, jose: 493.8 } },
      { subject: "Map.get", values: { wall: 0.2, jose: 617.3 } },
      { subject: "fast-jwt, cached", values: { wall: 2.5, jose: 49.4 } },
      { subject: "A & B <c>", values: { wall: "accepted", jose: 2 } },
    ],
  },
];

const results: Results = {
  date: "2026-01-02T03:04:05.000Z",
  duration: 12,
  isQuick: false,
  machine: readMachine(),
  versions: readVersions(),
  goals: goalsOf(tables),
  tables,
};

describe("the report", () => {
  it("has every goal, with what was measured and whether that is enough", () => {
    const report = renderReport(results);
    expect(report).toContain("2 of 3 are met.");
    expect(report).toContain("| Repeat, one token: times as fast as jose | at least 400 x | 494 x | met |");
    expect(report).toContain("| more than 1 x | 0.8 x | **not met** |");
  });

  it("shows more digits where three would look like the bound", () => {
    const goals = results.goals.map((goal) => ({ ...goal, measured: 399.96, isMet: false }));
    expect(renderReport({ ...results, goals })).toContain("| at least 400 x | 399.96 x | **not met** |");
  });

  it("has every row of every table, words included", () => {
    const report = renderReport(results);
    expect(report).toContain("### One token\n\nAs it comes.");
    expect(report).toContain("| jose | 123 | 1 |");
    expect(report).toContain("| A & B <c> | accepted | 2 |");
    expect(report).toContain(`Node ${process.versions.node}`);
  });

  it("says so where nothing was measured", () => {
    const goals = results.goals.map((goal) => ({ ...goal, measured: undefined, isMet: false }));
    expect(renderReport({ ...results, goals })).toContain("| at least 400 x | not measured | **not met** |");
  });

  it("fits a terminal: every column has one width", () => {
    const lines = renderText({ tables, goals: [] }).trim().split("\n").slice(2);
    expect(lines.map((line) => line.length)).toEqual(lines.map(() => lines[0]?.length));
  });

  it.each([
    [0.01234, "0.0123"],
    [1, "1"],
    [12_345, "12,345"],
    [12_345.6, "12,300"],
    [Number.NaN, ""],
  ])("writes %d as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe("the picture", () => {
  it("has a bar for each subject, the longest first, and looks right on dark pages, too", () => {
    const svg = renderChart(tables);
    const labels = [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, label]) => label);
    expect(labels).toEqual(["Map.get", "connect", "fast-jwt, cached", "A &amp; B &lt;c>", "jose"]);
    expect(svg).toContain("prefers-color-scheme: dark");
  });

  it("is well-formed where there is nothing to show", () => {
    expect(renderChart([])).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
  });
});
