import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { home, recipes } from "./support/readme.js";

const workspace = readFileSync(join(home, "../../pnpm-workspace.yaml"), "utf8").replaceAll('"', "");

/** The version that the tests run. */
function catalogVersion(name: string): string {
  const entry = workspace.split("\n").find((line) => line.startsWith(`  ${name}: `));
  return entry?.slice(entry.indexOf(": ") + 2) ?? "none";
}

function importsOf(file: string): string[] {
  const code = readFileSync(join(home, file), "utf8");
  return [...code.matchAll(/(?:from|^import) "([^"]+)"/gm)].map(([, name = ""]) => name);
}

it("the README has every recipe copied", () => {
  const others = ["node_modules", "test", "test-results"];
  const folders = readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !others.includes(entry.name))
    .map((entry) => entry.name);
  const copied = new Set(recipes.flatMap((recipe) => recipe.copied.map((path) => path.split("/", 1)[0])));
  expect([...copied].sort()).toEqual(folders.sort());
});

it.each(recipes)("a copy of $name has every file that it imports", ({ files }) => {
  for (const file of files) {
    for (const name of importsOf(file).filter((name) => name.startsWith("."))) {
      expect(files, file).toContain(join(file, "..", name.replace(/\.js$/, ".ts")));
    }
  }
});

it.each(recipes)("a copy of $name has every package that it imports", ({ files, installed, connect }) => {
  const packages = [...connect, ...installed.map(([name]) => name.replace("@types/", ""))];
  for (const file of files) {
    for (const name of importsOf(file).filter((name) => !/^(\.|\$|node:|cloudflare:)/.test(name))) {
      expect(packages, file).toContain(name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
    }
  }
});

it.each(recipes)("$name is installed in the versions that the tests run", ({ installed }) => {
  for (const [name, version] of installed) {
    if (name === "wrangler") {
      // The tests run its runtime alone, which has the same major.
      expect(version.split(".")[0]).toBe(catalogVersion("miniflare").split(".")[0]);
    } else {
      const tested = catalogVersion(name === "@react-router/serve" ? "@react-router/node" : name);
      expect(`${tested}.`.startsWith(`${version}.`), `${name}@${version}, tested: ${tested}`).toBe(true);
    }
  }
});
