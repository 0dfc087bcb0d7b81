// Code in Markdown that comes from a file: `<!-- from apps/docs/snippets/x.mjs -->` stands before its block. Run as a
// program, this writes the blocks; the tests see that they are current.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";

const root = join(import.meta.dirname, "../..");

/** The reference, which is generated: the types' own text, not the repository's. */
export const REFERENCE = "apps/docs/api";

/** The Markdown files below a folder of the repository: without installed packages, hidden folders and the reference. */
export function markdownFiles(folder = "") {
  /** @type {string[]} */
  const files = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(node_modules|dist|\..*)$/.test(entry.name) && path !== REFERENCE)
        files.push(...markdownFiles(path));
    } else if (entry.name.endsWith(".md")) files.push(path);
  }
  return files;
}

/** The text with each marked block as its file is. Throws where a file is not there. */
export function fillSnippets(/** @type {string} */ markdown) {
  return markdown.replace(
    /(<!-- from (\S+) -->\n+```[^\n]*\n)[\s\S]*?(\n```)/g,
    (_block, start, file, end) => start + readFileSync(join(root, file), "utf8").trim() + end,
  );
}

if (argv[1] === import.meta.filename) {
  for (const file of markdownFiles().map((path) => join(root, path))) {
    const text = readFileSync(file, "utf8");
    const filled = fillSnippets(text);
    if (filled !== text) writeFileSync(file, filled);
  }
}
