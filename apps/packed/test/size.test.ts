import { describe, expect, it } from "vitest";
import { codeSize, entrySize } from "./support/bundle-size.js";
import { ENTRIES } from "./support/public-packages.js";

/** Bytes, minified and gzipped, somewhat above what it is today. Raise one where what came is worth it. */
const LIMITS: Readonly<Record<string, number>> = {
  "@connect/core": 37_000,
  "@connect/core/web": 4_500,
  "@connect/core/node": 550,
  "@connect/core/otel": 1_900,
  "@connect/express": 800,
  "@connect/fastify": 2_150,
  "@connect/hono": 760,
  "@connect/next": 700,
  "@connect/next/confirm-form": 420,
  "@connect/next/pages": 850,
  "@connect/next/server": 250,
  "@connect/sessions/auth-js": 590,
  "@connect/sessions/better-auth": 650,
  "@connect/sessions/clerk": 600,
  "@connect/sessions/express-session": 610,
  "@connect/sessions/iron-session": 800,
  "@connect/sessions/passport": 640,
  "@connect/sessions/supabase": 670,
  "@connect/store": 950,
};

/** What an application uses of core is less than the whole. */
const PATHS = [
  { name: "verifying tokens", code: 'export { createVerifier } from "@connect/core";', limit: 9_000 },
  { name: "completing logins", code: 'export { createLogin } from "@connect/core";', limit: 26_000 },
];

/** Tools of a developer's machine: nobody bundles them. */
const NEVER_BUNDLED = ["@connect/local-authkit", "@connect/testing"];

const bundled = ENTRIES.filter((entry) => !NEVER_BUNDLED.includes(entry.package.name));

function expectAtMost(limit: number | undefined, size: number, name: string) {
  const known = limit ?? 0;
  expect(
    size,
    `${name} has ${size} bytes, ${size - known} more than its limit in test/size.test.ts`,
  ).toBeLessThanOrEqual(known);
}

describe("in an application's bundle", () => {
  it.each(bundled)("$specifier keeps within its size", async (entry) => {
    expectAtMost(
      LIMITS[entry.specifier],
      await entrySize(entry.specifier, entry.package.name),
      entry.specifier,
    );
  });

  it.each(PATHS)("$name keeps within its size", async ({ name, code, limit }) => {
    expectAtMost(limit, await codeSize(code), name);
  });

  it("nothing else has a limit", () => {
    expect(Object.keys(LIMITS).sort()).toEqual(bundled.map(({ specifier }) => specifier).sort());
  });
});
