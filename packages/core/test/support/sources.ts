import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

export const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

/** The files of src, as paths below it. */
export const SOURCES: readonly string[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => path.replaceAll("\\", "/"))
  .sort();

export function readSource(path: string): string {
  return readFileSync(SRC + path, "utf8");
}

/** What is left of a file when it runs: no types, no comments, and no imports that are only types. */
export function compile(path: string): string {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  return transformSync(readSource(path), { loader: "ts", target: "es2022", tsconfigRaw }).code;
}
