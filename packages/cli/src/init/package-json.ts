import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../failure.js";

/** What `init` looks for in a package.json. */
export interface PackageJson {
  /** The names of what it asks for, development's included. */
  readonly dependencies: ReadonlySet<string>;
  /** What its `.js` files are; `undefined` where it does not say. */
  readonly type: unknown;
}

/** A folder's package.json; where there is none, one that says nothing. */
export function readPackageJson(folder: string): PackageJson {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return { dependencies: new Set(), type: undefined };
  try {
    const { dependencies, devDependencies, type } = JSON.parse(readFileSync(file, "utf8"));
    return { dependencies: new Set(Object.keys({ ...dependencies, ...devDependencies })), type };
  } catch {
    throw new CommandFailure("package.json is not JSON.");
  }
}
