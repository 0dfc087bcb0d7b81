import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../failure.js";

/** What `init` looks for in a package.json. */
export interface PackageJson {
  /** The names of what it asks for, development's included. */
  readonly dependencies: ReadonlySet<string>;
  /** What its `.js` files are; `undefined` where it does not say. */
  readonly type: unknown;
  /** Whether other packages are below it. */
  readonly isWorkspace: boolean;
}

/** A folder's package.json; where there is none, one that says nothing. */
export function readPackageJson(folder: string): PackageJson {
  const file = join(folder, "package.json");
  const isWorkspace = existsSync(join(folder, "pnpm-workspace.yaml"));
  if (!existsSync(file)) return { dependencies: new Set(), type: undefined, isWorkspace };
  try {
    const { dependencies, devDependencies, type, workspaces } = JSON.parse(
      // As npm takes it: some editors begin a file with a byte order mark.
      readFileSync(file, "utf8").replace(/^\ufeff/, ""),
    );
    return {
      dependencies: new Set(Object.keys({ ...dependencies, ...devDependencies })),
      type,
      isWorkspace: isWorkspace || workspaces !== undefined,
    };
  } catch {
    throw new CommandFailure("package.json is not JSON.");
  }
}
