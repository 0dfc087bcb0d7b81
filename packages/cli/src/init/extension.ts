import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FrameworkName } from "./frameworks.js";
import { readPackageJson } from "./package-json.js";

/** What files are called by the language that they are written in. */
type Extension = ".ts" | ".js" | ".mjs";

/** How files are called, and how they call each other. */
export interface Extensions {
  readonly written: Extension;
  readonly imported: Extension;
}

/** TypeScript's where the application has it, else one whose files may hold `import`. */
export function findExtensions(folder: string, framework: FrameworkName): Extensions {
  const { dependencies, type } = readPackageJson(folder);
  const has = (file: string) => existsSync(join(folder, file));
  const isTypeScript = ["typescript", "tsx"].some((name) => dependencies.has(name)) || has("tsconfig.json");
  if (isTypeScript) return { written: ".ts", imported: ".js" };
  // Deno looks for the very file that an import names.
  if (["deno.json", "deno.jsonc"].some(has)) return { written: ".ts", imported: ".ts" };
  // Next.js looks for routes by this name alone.
  const written = framework === "next" || type === "module" ? ".js" : ".mjs";
  return { written, imported: written };
}
