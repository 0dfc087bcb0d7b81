import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { root } from "../.vitepress/site/pages.js";

/** A file that exists for the compiler alone; its lines have the numbers that they have in the Markdown. */
export interface VirtualFile {
  page: string;
  path: string;
  text: string;
}

/** The site's package, where all packages of the repository are installed. */
const site = join(root, "apps/docs");
const FOLDER = ".blocks";

// `<!-- given` before a block is what the block leaves to its reader; where it has a `…`, the block stands there.
const BLOCK =
  /(?:<!-- given\n((?:(?!-->)[\s\S])*?)\n-->\n+)?(<!-- from \S+ -->\n+)?^```tsx?\b[^\n]*\n([\s\S]*?)\n```$/gm;
const FILE_NAME = /^\/\/ (\S+)(\.tsx?)(,.*)?$/m;

/**
 * The blocks of a Markdown file, but for copies of files, which are compiled where they are. A line such as
 * `// app/route.ts` begins a file of this name, which the page's other files import by it. A second one is one beside it.
 */
export function blocksOf(page: string, markdown = readFileSync(page, "utf8")): VirtualFile[] {
  const files: VirtualFile[] = [];
  for (const match of markdown.matchAll(BLOCK)) {
    const [whole, given = "", isCopy, code = ""] = match;
    if (isCopy !== undefined) continue;
    const line = linesBefore(markdown, match.index + whole.lastIndexOf(code));
    const [before = "", after] = given.split("…");
    // Imports can't stand in what the block is put into.
    const imports = after === undefined ? [] : [...code.matchAll(/^import .+;$/gm)].map(([text]) => text);
    const inner = after === undefined ? code : code.replace(/^import .+;$/gm, "");
    const head = given === "" ? "" : "\n".repeat(linesBefore(markdown, match.index) + 1) + before;
    const text =
      imports.join(" ") +
      head +
      "\n".repeat(line - linesBefore(head, head.length)) +
      inner +
      (after === undefined ? "" : `\n${after}`);
    for (const file of split(text)) files.push(place(page, file, line + 1, files));
  }
  return files;
}

/** The parts of a block that begin with a file's name, each at the lines where it was. */
function split(text: string): string[] {
  const parts = text.split(/^(?=\/\/ \S+\.tsx?(?:,.*)?$)/m);
  let line = 0;
  return parts
    .map((part) => {
      const padded = "\n".repeat(line) + part;
      line += linesBefore(part, part.length);
      return padded;
    })
    .filter((part) => part.trim() !== "");
}

function place(page: string, text: string, line: number, others: readonly VirtualFile[]): VirtualFile {
  const [, name = "block", extension = ".tsx"] = FILE_NAME.exec(text) ?? [];
  const toPath = (base: string) => join(dirname(page), FOLDER, base + extension);
  const isTaken = name === "block" || others.some(({ path }) => path === toPath(name));
  // Without an import it would be a script, which shares its names with all others.
  return { page, path: toPath(isTaken ? `${name}-${line}` : name), text: `${text}\nexport {};\n` };
}

function linesBefore(text: string, at: number): number {
  return text.slice(0, at).split("\n").length - 1;
}

/** What the compiler has against these files, as `page:line message`. */
export function compile(files: readonly VirtualFile[]): string[] {
  const virtual = new Map(files.map((file) => [file.path, file]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    noUncheckedIndexedAccess: true,
    allowUnreachableCode: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(site, "node_modules/@types")],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path)?.text ?? readFile(path);
  host.directoryExists = (path) => path.includes(`/${FOLDER}`) || existsSync(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = virtual.get(path)?.text;
    return text === undefined
      ? getSourceFile(path, language, ...rest)
      : ts.createSourceFile(path, text, language);
  };
  const cache = ts.createModuleResolutionCache(root, (path) => path, options);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      const found = ts.resolveModuleName(text, from, options, host, cache);
      // A README may use what its package is used with, and does not need itself.
      return found.resolvedModule !== undefined || !virtual.has(from)
        ? found
        : ts.resolveModuleName(text, join(site, "index.ts"), options, host, cache);
    });
  const ambient = join(site, "blocks/ambient.d.ts");
  const program = ts.createProgram({ rootNames: [ambient, ...virtual.keys()], options, host });
  return files.flatMap(({ page, path }) =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(path)),
      ...program.getSemanticDiagnostics(program.getSourceFile(path)),
    ].map(({ file, start, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1;
      return `${relative(root, page)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    }),
  );
}
