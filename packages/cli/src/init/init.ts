import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Extension } from "./extension.js";
import { FRAMEWORKS, type FrameworkName } from "./frameworks.js";

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
}

/** Writes what a framework's application needs into a folder; what is there stays as it is. */
export function writeFiles(folder: string, name: FrameworkName, extension: Extension): Written[] {
  const source = sourceFolder(folder, name);
  const write = (path: string, text: string): Written => ({
    path,
    isNew: writeNew(join(folder, path), text),
  });
  const writeCode = (path: string, template: string) => {
    const text = readTemplate(template, extension);
    return write(join(source, path + extension), name === "next" ? text : text.replace(NEXT_BUILD, ""));
  };
  return [
    writeCode("connect", "shared/connect"),
    ...FRAMEWORKS[name].files.map((file) => writeCode(file, join(name, file))),
    write(".env.example", readFileSync(join(TEMPLATES, "env.example"), "utf8")),
    write("first-token.mjs", readFileSync(join(TEMPLATES, "first-token.mjs"), "utf8")),
  ];
}

function readTemplate(path: string, extension: Extension): string {
  if (extension === ".ts") return readFileSync(join(TEMPLATES, `${path}.ts`), "utf8");
  const text = readFileSync(join(JAVASCRIPT_TEMPLATES, `${path}.js`), "utf8");
  return text.replaceAll('"./connect.js"', `"./connect${extension}"`);
}

/** `src` where the application has one; Next.js looks there for pages only where they are there. */
function sourceFolder(folder: string, name: FrameworkName): string {
  const hasSource = existsSync(join(folder, "src"));
  if (name !== "next") return hasSource ? "src" : "";
  return existsSync(join(folder, "src/app")) || (hasSource && !existsSync(join(folder, "app"))) ? "src" : "";
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
    .filter((name) => !new RegExp(`^#? ?${name}=`, "m").test(there));
}
