// Part of the build: the templates as JavaScript, in dist/templates, for applications that have no TypeScript. Made here
// once, so that no user's install brings a compiler along.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import tsBlankSpace from "ts-blank-space";

const templates = join(import.meta.dirname, "templates");
const require = createRequire(import.meta.url);
const biome = require.resolve("@biomejs/biome/bin/biome");

/** What is left of TypeScript without its types, and without the lines that held nothing else. */
function toJavaScript(/** @type {string} */ text) {
  const lines = text.split("\n");
  const withoutTypes = tsBlankSpace(text, (node) => {
    throw new Error(`Not of types alone, so it can't be taken away: ${node.getText()}`);
  });
  return withoutTypes
    .split("\n")
    .filter((line, at) => line.trim() !== "" || lines[at] === "")
    .join("\n");
}

function format(/** @type {string} */ input) {
  return execFileSync(execPath, [biome, "format", "--stdin-file-path=template.js"], { input });
}

for (const path of readdirSync(templates, { recursive: true, encoding: "utf8" })) {
  if (!path.endsWith(".ts")) continue;
  const file = join(import.meta.dirname, "dist/templates", path.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, format(toJavaScript(readFileSync(join(templates, path), "utf8"))));
}
