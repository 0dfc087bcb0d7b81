import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../.vitepress/site/pages.js";
import { blocksOf, compile } from "../blocks/compile.js";
import { markdownFiles } from "../snippets.mjs";

it("each block of TypeScript compiles as it stands in its README", () => {
  const blocks = markdownFiles().flatMap((file) => blocksOf(join(root, file)));
  expect(blocks.length).toBeGreaterThanOrEqual(30);
  expect(compile(blocks)).toEqual([]);
});

it("tells the line of what does not compile", () => {
  const block = '```ts\nimport { createLogin } from "@connect/core";\n\ncreateLogin({ apiKey: 1 });\n```\n';
  expect(compile(blocksOf(join(root, "packages/core/README.md"), `One\n\n${block}`))).toEqual([
    expect.stringMatching(/^packages\/core\/README\.md:6 .*'number'/),
  ]);
});

it("puts a block where what is given for it says", () => {
  const given = "<!-- given\ndeclare function call(x: { a: number }): void;\ncall({ … });\n-->\n";
  const page = join(root, "README.md");
  expect(compile(blocksOf(page, `${given}\`\`\`ts\na: 1,\n\`\`\`\n`))).toEqual([]);
  expect(compile(blocksOf(page, `${given}\`\`\`ts\nb: 1,\n\`\`\`\n`))).toEqual([
    expect.stringMatching(/^README\.md:6 .*'b'/),
  ]);
});

it("takes a line with a file's name for the beginning of this file", () => {
  const page = join(root, "README.md");
  const block = '```ts\n// a.ts\nexport const a = 1;\n\n// b/c.ts\nimport { a } from "../a";\na.b;\n```\n';
  expect(compile(blocksOf(page, block))).toEqual([expect.stringMatching(/^README\.md:7 Property 'b'/)]);
});

it("takes a file's second version for another file", () => {
  const page = join(root, "README.md");
  const first = "```ts\n// a.ts\nexport const a = 1;\n```\n";
  const second = "```ts\n// a.ts, with a mistake\nexport const a: string = 1;\n```\n";
  expect(compile(blocksOf(page, first + second))).toEqual([
    expect.stringMatching(/^README\.md:7 .*'string'/),
  ]);
});
