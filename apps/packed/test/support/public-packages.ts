import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = join(import.meta.dirname, "../../../../packages");

/** What an `exports` map says of one entry: conditions in their order. */
type Target = string | Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, Target>>;
}

/** A package that is published. */
export interface PublicPackage {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
}

/** What somebody imports. */
export interface Entry {
  /** As it is imported: `@connect/core/web`. */
  readonly specifier: string;
  readonly package: PublicPackage;
  /** The declarations, absolute. */
  readonly types: string;
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

/** In the order of their folders. */
export const PUBLIC_PACKAGES: readonly PublicPackage[] = readdirSync(PACKAGES).flatMap((folder) => {
  const directory = join(PACKAGES, folder);
  const manifest = readManifest(directory);
  return manifest.private === true ? [] : [{ name: manifest.name, version: manifest.version, directory }];
});

/** All that can be imported as code. A file that is data, such as a schema, has no declarations and is not among them. */
export const ENTRIES: readonly Entry[] = PUBLIC_PACKAGES.flatMap((published) =>
  Object.entries(readManifest(published.directory).exports).flatMap(([path, target]) =>
    typeof target === "string" || target.types === undefined
      ? []
      : [
          {
            specifier: join(published.name, path),
            package: published,
            types: join(published.directory, target.types),
          },
        ],
  ),
);
