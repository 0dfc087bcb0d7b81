import { bundleSize } from "../../../../bundle.base.js";
import { PUBLIC_PACKAGES } from "./public-packages.js";

/** What is there already, and is not the package's own weight. */
const FRAMEWORKS = ["@opentelemetry/api", "express", "fastify", "hono", "iron-session", "next", "react"];

/** Bytes of this code in an application's bundle, minified and gzipped. */
export async function codeSize(code: string, external: readonly string[] = []): Promise<number> {
  return (await bundleSize(code, { resolveDir: import.meta.dirname, external })).gzipped;
}

/** An entry of this package as a whole, without the framework and the other packages that an application has besides. */
export function entrySize(specifier: string, packageName: string): Promise<number> {
  const others = PUBLIC_PACKAGES.filter(({ name }) => name !== packageName).map(({ name }) => name);
  const external = [...others, ...FRAMEWORKS].flatMap((name) => [name, `${name}/*`]);
  return codeSize(`export * from "${specifier}";`, external);
}
