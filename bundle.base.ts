import { builtinModules } from "node:module";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

/** Bundles as the tools of servers that are not Node do: Workers', and their like. */
export const forWorkers = {
  bundle: true,
  write: false,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["workerd", "worker", "browser"],
  logLevel: "silent",
} satisfies BuildOptions;

/** What a bundle weighs, in bytes. */
export interface BundleSize {
  readonly minified: number;
  /** Minified, and compressed by gzip at its default level. */
  readonly gzipped: number;
}

/**
 * What this code weighs in an application's bundle. `external` is there already and doesn't count, and neither does what
 * is Node's own; imports are looked up from `resolveDir`.
 */
export async function bundleSize(
  code: string,
  { resolveDir, external = [] }: { readonly resolveDir: string; readonly external?: readonly string[] },
): Promise<BundleSize> {
  const { outputFiles } = await build({
    ...forWorkers,
    stdin: { contents: code, resolveDir, loader: "js" },
    minify: true,
    external: [...external, "node:*", ...builtinModules],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild gave no output");
  return { minified: output.contents.length, gzipped: gzipSync(output.contents).length };
}
