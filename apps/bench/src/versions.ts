import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of this package, seen from `src` and from `dist`. */
export const HOME: string = join(import.meta.dirname, "..");

/** The version of a package as it is installed here. */
export function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(join(HOME, "node_modules", name, "package.json"), "utf8"),
  );
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : undefined;
  return String(version);
}
