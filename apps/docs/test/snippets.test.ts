import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../.vitepress/site/pages.js";
import { fillSnippets, markdownFiles } from "../snippets.mjs";

it("shows the programs as they are run", () => {
  const marked = markdownFiles()
    .map((file) => readFileSync(join(root, file), "utf8"))
    .filter((text) => text.includes("<!-- from "));
  expect(marked.length).toBeGreaterThanOrEqual(4);
  for (const text of marked) expect(text).toBe(fillSnippets(text));
});

it("notices a block that is not as its file", () => {
  const marker = "<!-- from apps/docs/snippets/start/machine.json -->";
  expect(fillSnippets(`${marker}\n\`\`\`json\n[]\n\`\`\`\n`)).toContain("client_nightly");
});
