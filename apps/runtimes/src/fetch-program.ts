import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { folderOf, nameOf, type Program } from "./programs.js";

const run = promisify(execFile);

/**
 * Gets a program's package through npm, from its cache where it has it, and unpacks the program if the package is the
 * pinned one. No script of the package is run. Gives `false` where there is none for this machine.
 */
export async function fetchProgram(program: Program): Promise<boolean> {
  const pinned = program.packages[`${process.platform}-${process.arch}`];
  if (pinned === undefined) return false;
  const folder = folderOf(program);
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    const spec = `${pinned.name}@${program.version}`;
    const { stdout } = await run("npm", ["pack", spec, "--prefer-offline", "--json"], { cwd: unfinished });
    const [{ filename }] = JSON.parse(stdout);
    const archive = join(unfinished, filename);
    const digest = createHash("sha512")
      .update(await readFile(archive))
      .digest("base64");
    if (`sha512-${digest}` !== pinned.integrity)
      throw new Error(`${nameOf(program)}: not the package that is pinned`);
    await run("tar", [
      ...["-xzf", archive, "-C", unfinished, "--strip-components=1"],
      ...[`package/${program.program}`, "package/package.json"],
    ]);
    await rm(archive);
    // Whole or not at all: what is there counts as fetched.
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return true;
}
