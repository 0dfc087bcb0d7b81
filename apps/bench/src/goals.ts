import { GARBAGE } from "./garbage.js";
import { CONNECT, NOTHING } from "./gates.js";
import type { Row, Table } from "./table.js";

/** What was to be reached, beside what was. */
export interface Goal {
  readonly text: string;
  /** Undefined where the run gave no number. */
  readonly measured: number | undefined;
  readonly bound: number;
  readonly comparison: Comparison;
  /** What the numbers count: `x` are times. */
  readonly unit: string;
  readonly isMet: boolean;
}

type Comparison = "at least" | "more than" | "at most";

/** A goal before it was measured. */
interface Aim {
  /** The table that tells. */
  readonly table: string;
  readonly text: string;
  readonly comparison: Comparison;
  readonly bound: number;
  readonly unit: string;
  measure(table: Table): number | undefined;
}

/** Compares the tables of a run with what is wanted of Connect. Goals whose table is not among them are left out. */
export function goalsOf(tables: readonly Table[]): readonly Goal[] {
  return AIMS.flatMap(({ table: id, text, comparison, bound, unit, measure }) => {
    const table = tables.find((candidate) => candidate.id === id);
    if (table === undefined) return [];
    const measured = measure(table);
    return [{ text, measured, bound, comparison, unit, isMet: holds(measured, comparison, bound) }];
  });
}

function holds(measured: number | undefined, comparison: Comparison, bound: number): boolean {
  if (measured === undefined || Number.isNaN(measured)) return false;
  if (comparison === "at most") return measured <= bound;
  return comparison === "at least" ? measured >= bound : measured > bound;
}

const DEFAULT_PORT = "connect";
const NODE_PORT = "connect, Node's crypto";

/** They check signatures and nothing else, or remember without checking: no peers. */
const LIMITS: ReadonlySet<string> = new Set(["crypto.verify", "subtle.verify"]);

const REPEAT: readonly Aim[] = (
  [
    ["repeat-one", "one token", 400],
    ["repeat-many", "10,000 tokens in turn", 150],
  ] as const
).flatMap(([table, tokens, bound]): Aim[] => [
  atLeast(bound, "x", table, `Repeat, ${tokens}: times as fast as jose`, (it) =>
    value(it, DEFAULT_PORT, "jose"),
  ),
  moreThan(1, "x", table, `Repeat, ${tokens}: ahead of a plain Map.get`, (it) =>
    speedup(it, DEFAULT_PORT, "Map.get"),
  ),
  atLeast(5, "x", table, `Repeat, ${tokens}: times as fast as fast-jwt's cache`, (it) =>
    speedup(it, DEFAULT_PORT, "fast-jwt, cached"),
  ),
]);

const FIRST_SIGHT: readonly Aim[] = [
  atLeast(1, "x", "first-sight", "First sight, default port: no slower than jose", (it) =>
    value(it, DEFAULT_PORT, "jose"),
  ),
  moreThan(1, "x", "first-sight", "First sight, Node's crypto: ahead of the fastest peer", (it) =>
    least(
      it.rows
        .filter(({ subject }) => !subject.startsWith(DEFAULT_PORT) && !LIMITS.has(subject))
        .map(({ subject }) => speedup(it, NODE_PORT, subject)),
    ),
  ),
  atLeast(0.7, "x", "first-sight", "First sight, Node's crypto: part of raw crypto.verify's speed", (it) =>
    value(it, NODE_PORT, "limit"),
  ),
];

const GARBAGE_AIMS: readonly Aim[] = [
  ...[DEFAULT_PORT, NODE_PORT].flatMap((subject): Aim[] => [
    atMost(
      0.05,
      "x",
      "garbage",
      `Garbage told before the signature, ${subject}: the costliest kind against a good token`,
      (it) => most(GARBAGE.filter(({ isTold }) => isTold).map(({ key }) => value(it, subject, key))),
    ),
    atMost(1.1, "x", "garbage", `Garbage, ${subject}: a bad signature against a good token`, (it) =>
      value(it, subject, "signature"),
    ),
  ]),
  atMost(60, "ms CPU", "headers", "Garbage: the costliest header of 16 kB", (it) =>
    most(ownRows(it).map(({ values }) => toNumber(values.cpu))),
  ),
];

const KEY_FETCHES: readonly Aim[] = [
  atMost(1, "fetches", "key-fetches", "Key fetches for 64 cold starts", (it) =>
    value(it, DEFAULT_PORT, "starts"),
  ),
  atMost(1, "fetches", "key-fetches", "Key fetches for 10,000 unknown kids", (it) =>
    value(it, DEFAULT_PORT, "kids"),
  ),
  atMost(1, "fetches", "key-fetches", "Key fetches in a cooldown while the endpoint fails", (it) =>
    value(it, DEFAULT_PORT, "failing"),
  ),
  atLeast(200, "tokens", "key-fetches", "Good tokens served of 200 in an outage", (it) =>
    value(it, DEFAULT_PORT, "served"),
  ),
];

const HTTP: readonly Aim[] = (
  [
    ["hono", "Hono", ["hono/jwk"]],
    ["fastify", "Fastify", ["@fastify/jwt + get-jwks", "@fastify/jwt + get-jwks, cached"]],
    ["next", "Next.js", ["jose"]],
  ] as const
).flatMap(([framework, name, usual]): Aim[] => [
  atLeast(
    0.95,
    "x",
    `http-${framework}`,
    `${name}, one token: requests per CPU second against a gate that ${NOTHING}`,
    (it) => value(it, CONNECT, "oneOf"),
  ),
  atLeast(0.9, "x", `http-${framework}`, `${name}, 1,000 tokens: the same`, (it) =>
    value(it, CONNECT, "manyOf"),
  ),
  atLeast(
    3,
    "x",
    `http-${framework}`,
    `${name}: requests per CPU second against ${usual.join(" or ")}`,
    (it) =>
      least(
        usual.flatMap((gate) =>
          ["oneOf", "manyOf"].map((key) => quotient(value(it, CONNECT, key), value(it, gate, key))),
        ),
      ),
  ),
]);

const SIZES: readonly Aim[] = [
  atMost(9, "kB", "size", "Size: verification path with jose in it, min+gzip", (it) =>
    value(it, "connect, verification path", "gzipped"),
  ),
  atMost(17, "kB", "size", "Size: all of core for workerd, min+gzip", (it) =>
    value(it, "connect, all of core", "gzipped"),
  ),
  atMost(1, "kB", "size", "Size: the largest adapter's own code, min+gzip", (it) =>
    most(
      it.rows
        .filter(({ subject }) => subject.startsWith("@connect/"))
        .map(({ values }) => toNumber(values.gzipped)),
    ),
  ),
  atMost(0.8, "x", "import", "Cold import of @connect/core against import of jose", (it) =>
    value(it, "@connect/core", "jose"),
  ),
];

const AIMS: readonly Aim[] = [...REPEAT, ...FIRST_SIGHT, ...GARBAGE_AIMS, ...KEY_FETCHES, ...HTTP, ...SIZES];

type Rest = [bound: number, unit: string, table: string, text: string, measure: Aim["measure"]];

function atLeast(...rest: Rest): Aim {
  return aim("at least", ...rest);
}

function moreThan(...rest: Rest): Aim {
  return aim("more than", ...rest);
}

function atMost(...rest: Rest): Aim {
  return aim("at most", ...rest);
}

function aim(comparison: Comparison, ...[bound, unit, table, text, measure]: Rest): Aim {
  return { comparison, bound, unit, table, text, measure };
}

function ownRows(table: Table): readonly Row[] {
  return table.rows.filter(({ subject }) => subject.startsWith(DEFAULT_PORT));
}

function value(table: Table, subject: string, key: string): number | undefined {
  return toNumber(table.rows.find((row) => row.subject === subject)?.values[key]);
}

function toNumber(value: number | string | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** How many times as fast the one is. */
function speedup(table: Table, subject: string, than: string): number | undefined {
  return quotient(value(table, than, "wall"), value(table, subject, "wall"));
}

function quotient(of: number | undefined, by: number | undefined): number | undefined {
  return of === undefined || by === undefined ? undefined : of / by;
}

/** Where one number is missing, none is the greatest. */
function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && known.length > 0 ? Math.max(...known) : undefined;
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && known.length > 0 ? Math.min(...known) : undefined;
}
