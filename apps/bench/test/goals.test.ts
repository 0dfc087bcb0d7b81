import { describe, expect, it } from "vitest";
import { goalsOf } from "../src/goals.js";
import { ACCEPTED } from "../src/scenarios/garbage.js";
import type { Table } from "../src/table.js";

function tableOf(
  id: string,
  values: Readonly<Record<string, Readonly<Record<string, number | string>>>>,
): Table {
  const rows = Object.entries(values).map(([subject, row]) => ({ subject, values: row }));
  return { id, title: id, note: "", columns: [], rows };
}

function verdicts(...tables: readonly Table[]) {
  return goalsOf(tables).map(({ measured, isMet }) => ({ measured, isMet }));
}

describe("goals", () => {
  it("are met where the bound is reached, and not met where it is not", () => {
    const repeat = (times: number, wall: number) =>
      tableOf("repeat-one", {
        connect: { jose: times, wall },
        "Map.get": { wall: 2 },
        "fast-jwt, cached": { wall: 5 },
      });
    expect(verdicts(repeat(400, 1))).toEqual([
      { measured: 400, isMet: true },
      { measured: 2, isMet: true },
      { measured: 5, isMet: true },
    ]);
    expect(verdicts(repeat(399.9, 2))).toEqual([
      { measured: 399.9, isMet: false },
      { measured: 1, isMet: false },
      { measured: 2.5, isMet: false },
    ]);
  });

  it("have an upper bound for key fetches and a lower one for what is served", () => {
    const fetches = (row: Record<string, number>) =>
      tableOf("key-fetches", { connect: row, jose: { starts: 0 } });
    expect(
      verdicts(fetches({ starts: 1, kids: 0, failing: 1, served: 200 })).map(({ isMet }) => isMet),
    ).toEqual([true, true, true, true]);
    expect(
      verdicts(fetches({ starts: 2, kids: 2, failing: 2, served: 199 })).map(({ isMet }) => isMet),
    ).toEqual([false, false, false, false]);
  });

  it("compare with the fastest peer, and neither with the limits nor with Connect itself", () => {
    const table = tableOf("first-sight", {
      jose: { wall: 100 },
      connect: { wall: 90, jose: 1.1 },
      "connect, Node's crypto": { wall: 30, limit: 0.8 },
      "crypto.verify": { wall: 24 },
      "subtle.verify": { wall: 20 },
      "fast-jwt": { wall: 36 },
    });
    expect(verdicts(table)).toEqual([
      { measured: 1.1, isMet: true },
      { measured: 1.2, isMet: true },
      { measured: 0.8, isMet: true },
    ]);
  });

  it("compare an adapter with the closer of a framework's usual gates", () => {
    const table = tableOf("http-fastify", {
      "does nothing": { oneOf: 1, manyOf: 1 },
      connect: { oneOf: 0.96, manyOf: 0.88 },
      "@fastify/jwt + get-jwks": { oneOf: 0.1, manyOf: 0.1 },
      "@fastify/jwt + get-jwks, cached": { oneOf: 0.24, manyOf: 0.2 },
    });
    expect(verdicts(table)).toEqual([
      { measured: 0.96, isMet: true },
      { measured: 0.88, isMet: false },
      { measured: 4, isMet: true },
    ]);
  });

  it("are not met where a number is missing, or where garbage was let through", () => {
    const [told, ...others] = goalsOf([
      tableOf("garbage", { connect: { expired: ACCEPTED, signature: 1.0 }, "connect, Node's crypto": {} }),
    ]);
    expect(told).toMatchObject({ measured: undefined, isMet: false });
    expect(others.map(({ isMet }) => isMet)).toEqual([true, false, false]);
  });

  it("are left out where their table was not asked for", () => {
    expect(goalsOf([])).toEqual([]);
  });
});
