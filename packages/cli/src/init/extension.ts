import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FrameworkName } from "./frameworks.js";
import { readPackageJson } from "./package-json.js";

/** What files are called by the language that they are written in. */
export type Extension = ".ts" | ".js" | ".mjs";

/** TypeScript's where the application has it, else one whose files may hold `import`. */
export function findExtension(folder: string, framework: FrameworkName): Extension {
  const { dependencies, type } = readPackageJson(folder);
  const settings = ["tsconfig.json", "deno.json", "deno.jsonc"];
  const hasTypeScript =
    ["typescript", "tsx"].some((name) => dependencies.has(name)) ||
    settings.some((file) => existsSync(join(folder, file)));
  if (hasTypeScript) return ".ts";
  // Next.js looks for routes by this name alone.
  return framework === "next" || type === "module" ? ".js" : ".mjs";
}
