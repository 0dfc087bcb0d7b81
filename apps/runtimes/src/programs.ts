import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "./home.js";

/** How a runtime's server is started; the key of its file in `servers`. */
export type Server = "node" | "bun" | "deno" | "workerd";

/** A runtime as `programs.json` pins it. */
export interface Program {
  readonly runtime: string;
  readonly version: string;
  readonly server: Server;
  /** Where the program is in its package. */
  readonly program: string;
  /** The npm package that holds it, by `platform-arch`; none where there is no package for this machine. */
  readonly packages: Readonly<Record<string, { readonly name: string; readonly integrity: string }>>;
}

/** All that the matrix is made of. */
export const PROGRAMS: readonly Program[] = JSON.parse(readFileSync(join(HOME, "programs.json"), "utf8"));

/** Where the programs that were fetched are. */
const FOLDER = join(HOME, "programs");

/** What a row of the matrix is called. */
export function nameOf({ runtime, version }: Program): string {
  return `${runtime} ${version}`;
}

/** The folder of one program. */
export function folderOf({ runtime, version }: Program): string {
  return join(FOLDER, `${runtime.toLowerCase()}-${version}`);
}

/** The file that is run. */
export function fileOf(program: Program): string {
  return join(folderOf(program), program.program);
}

/** Whether it was fetched. */
export function isThere(program: Program): boolean {
  return existsSync(fileOf(program));
}
