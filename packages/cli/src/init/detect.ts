import { CommandFailure } from "../failure.js";
import { FRAMEWORKS, type FrameworkName } from "./frameworks.js";
import { readPackageJson } from "./package-json.js";

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

/** The framework that package.json names. */
export function detectFramework(folder: string): FrameworkName {
  const { dependencies, isWorkspace } = readPackageJson(folder);
  const found = NAMES.filter((name) => dependencies.has(name));
  if (found[0] !== undefined && found.length === 1) return found[0];
  const why =
    found.length > 1
      ? `package.json names ${found.join(" and ")}`
      : "package.json names no framework that init knows";
  const elsewhere =
    isWorkspace && found.length === 0 ? " Run it in the application's own folder, or say" : " Say";
  throw new CommandFailure(`${why}.${elsewhere} which: --framework ${NAMES.join("|")}`);
}
