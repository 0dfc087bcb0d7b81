import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** The folder of the recipes. */
export const home = join(import.meta.dirname, "../..");

/** A recipe, as the README has it copied and installed. */
export interface Recipe {
  readonly name: string;
  /** What `cp` takes, from {@link home}: `astro/src`. */
  readonly copied: readonly string[];
  /** The files in it. */
  readonly files: readonly string[];
  /** What is installed from the registry: `["astro", "5"]`. */
  readonly installed: readonly (readonly [name: string, version: string])[];
  /** Connect's own packages, for this recipe or for all. */
  readonly connect: readonly string[];
}

const [, forAll = "", ...sections] = readFileSync(join(home, "README.md"), "utf8").split(/^## /m);

export const recipes: readonly Recipe[] = sections
  .filter((section) => section.includes("\ncp "))
  .map((section) => {
    const copied = [...section.matchAll(/\$RECIPES\/(\S+)/g)].map(([, path = ""]) => path);
    return {
      name: section.slice(0, section.indexOf("\n")),
      copied,
      files: copied.flatMap(filesAt),
      installed: [...section.matchAll(/^npm install (.+)$/gm)].flatMap(([, packages = ""]) =>
        [...packages.matchAll(/(?<=^| )(@?[a-z][^\s@]*)(?:@(\S+))?/g)].map(
          ([, name = "", version = ""]) => [name, version] as const,
        ),
      ),
      connect: [...(forAll + section).matchAll(/\/connect-([a-z-]+)-\*\.tgz/g)].map(
        ([, name]) => `@connect/${name}`,
      ),
    };
  });

function filesAt(path: string): string[] {
  if (!statSync(join(home, path)).isDirectory()) return [path];
  const inside = readdirSync(join(home, path), { recursive: true, withFileTypes: true });
  return inside
    .filter((entry) => entry.isFile())
    .map((entry) => relative(home, join(entry.parentPath, entry.name)));
}
