import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** What the examples call yours. */
const session = `import type { NextRequest } from "next/server";
export declare function currentUser(request: NextRequest): Promise<{ id: string; email: string } | null>;`;

/** The README's files; where a path comes twice, in folders next to each other. */
const examples = new Map<string, string>();
for (const [, path = "", text = ""] of readme.matchAll(/```tsx?\n\/\/ ([^\s,]+).*\n([\s\S]*?)```/g)) {
  let copy = 0;
  while (examples.has(place(copy, path))) copy += 1;
  examples.set(place(copy, path), text);
  for (const file of ["connect.ts", "mcp.ts"]) {
    if (copy > 0) examples.set(place(copy, file), examples.get(place(0, file)) ?? "");
  }
  examples.set(place(copy, "session.ts"), session);
}

function place(copy: number, path: string): string {
  return join(root, `examples-${copy}`, path);
}

it("the README's examples compile as an application's do", () => {
  const { config } = ts.readConfigFile(join(root, "test/app/tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, join(root, "test/app"));
  const compilerOptions = { ...options, incremental: false, types: ["node"] };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  const folders = [...examples.keys()].map(dirname);
  Object.assign(host, {
    fileExists: (name: string) => examples.has(name) || fileExists(name),
    directoryExists: (name: string) =>
      folders.some((folder) => `${folder}/`.startsWith(`${name}/`)) || directoryExists?.(name),
    readFile: (name: string) => examples.get(name) ?? readFile(name),
    getSourceFile: (name: string, ...rest: [ts.ScriptTarget]) => {
      const text = examples.get(name);
      return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ...rest);
    },
  });
  const program = ts.createProgram([...examples.keys()], compilerOptions, host);
  const faults = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  expect(faults).toEqual([]);
  expect(examples.size).toBeGreaterThan(9);
});
