import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const home = join(import.meta.dirname, "..");
const LIMIT = 40;

/** The rows of the README's table: a recipe's name, and the files and folders it links to. */
const recipes = readFileSync(join(home, "README.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ["))
  .map((row) => ({
    name: /\[(.+?)\]/.exec(row)?.[1],
    files: new Set([...row.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, path = ""]) => filesAt(path))),
  }));

function filesAt(path: string): string[] {
  if (!statSync(join(home, path)).isDirectory()) return [path];
  const inside = readdirSync(join(home, path), { recursive: true, encoding: "utf8" });
  return inside.filter((name) => name.endsWith(".ts")).map((name) => join(path, name));
}

/** The lines that somebody writes: neither blank nor of an import. */
function linesOf(file: string): string[] {
  const code = readFileSync(join(home, file), "utf8").replaceAll(/^import\s[^;]*;$/gm, "");
  return code.split("\n").filter((line) => line.trim() !== "");
}

it("the README lists every recipe", () => {
  const folders = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const others = ["node_modules", "test", "test-results"];
  const listed = new Set(recipes.flatMap(({ files }) => [...files].map((file) => file.split("/", 1)[0])));
  expect([...listed].sort()).toEqual(
    folders
      .map(({ name }) => name)
      .filter((name) => !others.includes(name) && !name.startsWith("."))
      .sort(),
  );
});

it.each(recipes)(`$name takes no more than ${LIMIT} lines of one's own`, ({ files }) => {
  const lines = [...files].flatMap(linesOf);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThanOrEqual(LIMIT);
});
