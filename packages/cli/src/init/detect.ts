import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../failure.js";
import { FRAMEWORKS, type FrameworkName } from "./frameworks.js";

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

/** The framework that package.json names. */
export function detectFramework(folder: string): FrameworkName {
  const dependencies = readDependencies(folder);
  const found = NAMES.filter((name) => dependencies.has(name));
  if (found[0] !== undefined && found.length === 1) return found[0];
  const why =
    found.length > 1
      ? `package.json names ${found.join(" and ")}`
      : "package.json names no framework that init knows";
  throw new CommandFailure(`${why}. Say which: --framework ${NAMES.join("|")}`);
}

/** The names of what package.json asks for; none where there is no package.json. */
export function readDependencies(folder: string): ReadonlySet<string> {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return new Set();
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
    return new Set(Object.keys({ ...dependencies, ...devDependencies }));
  } catch {
    throw new CommandFailure("package.json is not JSON.");
  }
}
