import { execFile } from "node:child_process";
import { join } from "node:path";

const MODULES = join(import.meta.dirname, "../../node_modules");

/** The versions of TypeScript that the packages' declarations are made for, by their names in the catalog. */
export const VERSIONS = ["typescript-5", "typescript", "typescript-7"] as const;

export type Version = (typeof VERSIONS)[number];

/** What `tsc` has to say: nothing, where all is well. */
export function compile(version: Version, directory: string, args: readonly string[]): Promise<string> {
  const command = [join(MODULES, version, "bin/tsc"), ...args];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, { cwd: directory }, (error, stdout) => {
      if (error !== null && stdout === "") reject(error);
      else resolve(stdout);
    });
  });
}
