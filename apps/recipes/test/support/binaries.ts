import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const { platform, arch } = process;

/**
 * Bun as its package has it for this machine. Both packages put their program in place by a script at installation, which
 * is not run here.
 */
export function findBun(): string {
  const name = `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`;
  return findProgram("bun", [name, `${name}-musl`], "bin/bun");
}

/** Deno, likewise. */
export function findDeno(): string {
  const name = `@deno/${platform}-${arch}`;
  return findProgram("deno", [name, `${name}-glibc`], "deno");
}

function findProgram(owner: string, names: readonly string[], path: string): string {
  const folder = dirname(dirname(require.resolve(`${owner}/package.json`)));
  const programs = names.map((name) => join(folder, name, path)).filter(existsSync);
  if (programs[0] === undefined) throw new Error(`${owner} has no program for ${platform} on ${arch}.`);
  return programs[0];
}
