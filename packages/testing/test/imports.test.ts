import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../src");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);

it("runs wherever fetch and Web Crypto are: nothing of Node's is imported, and nothing of Connect's", () => {
  expect(files.length).toBeGreaterThan(10);
  const imported = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return [...text.matchAll(/(?:from|import) "([^."][^"]*)"/g)].map(([, name]) => name);
  });
  expect([...new Set(imported)].sort()).toEqual(["jose", "vitest"]);
});
