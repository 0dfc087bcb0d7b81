import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestAuthKit } from "@connect/testing";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

it("node:test runs its example", async () => {
  // Its own runner tells it from a variable that it is a child of another one; vitest is none.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--test", "examples/node.test.mjs"], { cwd: root, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  const broken = Object.keys(createTestAuthKit().token.broken).length;
  expect(output).toMatch(new RegExp(`^(#|ℹ) pass ${broken + 1}$`, "m"));
  expect(code).toBe(0);
});

it("the README's table has each broken token, and no other", () => {
  const [, table = ""] = /\| token \|[^\n]*\n\|[-|]*\n((?:\|[^\n]*\n)+)/.exec(readme) ?? [];
  const names = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(names).toEqual(Object.keys(createTestAuthKit().token.broken));
});
