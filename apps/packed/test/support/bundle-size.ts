import { builtinModules } from "node:module";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { PUBLIC_PACKAGES } from "./public-packages.js";

/** What is there already, and is not the package's own weight. */
const FRAMEWORKS = ["@opentelemetry/api", "express", "fastify", "hono", "next", "react"];

/** Bytes of this code in an application's bundle, minified by esbuild for servers that are not Node, and gzipped. */
export async function bundleSize(code: string, external: readonly string[] = []): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: [...external, "node:*", ...builtinModules],
    logLevel: "silent",
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
}

/** An entry of this package as a whole, without the framework and the other packages that an application has besides. */
export function entrySize(specifier: string, packageName: string): Promise<number> {
  const others = PUBLIC_PACKAGES.filter(({ name }) => name !== packageName).map(({ name }) => name);
  const external = [...others, ...FRAMEWORKS].flatMap((name) => [name, `${name}/*`]);
  return bundleSize(`export * from "${specifier}";`, external);
}
