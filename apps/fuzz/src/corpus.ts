import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Both `src` and `dist` are one below the package. */
const HOME = join(import.meta.dirname, "../corpus");

/** Inputs that core did not stand once: they stay, whatever else gets to the same place. */
const FINDING = "finding-";

/** The inputs that are kept for a target, by the names of their files. */
export function readCorpus(target: string): ReadonlyMap<string, Buffer> {
  const folder = join(HOME, target);
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
}

/** Puts these in the place of what was kept, findings aside. */
export function writeCorpus(target: string, inputs: readonly Buffer[]): void {
  const folder = join(HOME, target);
  for (const name of readCorpus(target).keys()) {
    if (!name.startsWith(FINDING)) rmSync(join(folder, name));
  }
  for (const input of inputs) write(folder, nameOf(input), input);
}

/** Keeps an input that core did not stand; gives the path. */
export function writeFinding(target: string, input: Buffer): string {
  return write(join(HOME, target), FINDING + nameOf(input), input);
}

function write(folder: string, name: string, input: Buffer): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, input);
  return path;
}

function nameOf(input: Buffer): string {
  return createHash("sha256").update(input).digest("hex").slice(0, 12);
}
