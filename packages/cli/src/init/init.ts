import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Extensions } from "./extension.js";
import { FRAMEWORKS, type FrameworkName } from "./frameworks.js";
import { findCode, findRival, nextSourceFolder } from "./next-folder.js";

/** The package's own folder of templates, beside `dist`, and within it what the build makes of them. */
const TEMPLATES = fileURLToPath(new URL("../templates/", import.meta.url));
const JAVASCRIPT_TEMPLATES = fileURLToPath(new URL("templates/", import.meta.url));

/** What `next build` needs and no other framework: a comment, and the line below it. */
const NEXT_BUILD = /^ *\/\/ `next build` .*\n.*\n/m;

/** What became of a file. */
export interface Written {
  /** Seen from the folder. */
  readonly path: string;
  readonly isNew: boolean;
  /** The file that answers at its path already, so that it was left out. */
  readonly rival?: string;
}

/** Writes what a framework's application needs into a folder; what is there stays as it is. */
export function writeFiles(folder: string, name: FrameworkName, extensions: Extensions): Written[] {
  const source = sourceFolder(folder, name);
  const write = (path: string, text: string): Written => ({
    path,
    isNew: writeNew(join(folder, path), text),
  });
  const writeCode = (path: string, template: string): Written => {
    const text = readTemplate(template, extensions);
    const file = join(source, path);
    if (name !== "next") return write(file + extensions.written, text.replace(NEXT_BUILD, ""));
    const rival = findRival(folder, source, path);
    if (rival !== undefined) return { path: file + extensions.written, isNew: false, rival };
    // Under another extension it would be there twice.
    return write(findCode(folder, file) ?? file + extensions.written, text);
  };
  return [
    writeCode("connect", "shared/connect"),
    ...FRAMEWORKS[name].files.map((file) => writeCode(file, join(name, file))),
    write(".env.example", readFileSync(join(TEMPLATES, "env.example"), "utf8")),
    write("first-token.mjs", readFileSync(join(TEMPLATES, "first-token.mjs"), "utf8")),
  ];
}

function readTemplate(path: string, { written, imported }: Extensions): string {
  const file = written === ".ts" ? join(TEMPLATES, `${path}.ts`) : join(JAVASCRIPT_TEMPLATES, `${path}.js`);
  return readFileSync(file, "utf8").replaceAll('"./connect.js"', `"./connect${imported}"`);
}

/** Where code goes, seen from the folder: `src` where the application has one. */
export function sourceFolder(folder: string, name: FrameworkName): string {
  if (name === "next") return nextSourceFolder(folder);
  return existsSync(join(folder, "src")) ? "src" : "";
}

/** Whether the file was written: a file or link that is there, even one that leads nowhere, is left alone. */
function writeNew(file: string, text: string): boolean {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (Object(error).code !== "EEXIST") throw error;
    return false;
  }
}

/** The variables that an older `.env.example` does not name. */
export function missingVariables(folder: string): string[] {
  const there = readFileSync(join(folder, ".env.example"), "utf8");
  const names = readFileSync(join(TEMPLATES, "env.example"), "utf8").matchAll(/^(\w+)=/gm);
  return [...names]
    .map(([, name = ""]) => name)
    .filter((name) => !new RegExp(`^[# ]*(export )?${name} *=`, "m").test(there));
}
