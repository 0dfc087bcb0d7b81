import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Variables by their names; empty ones count as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What frameworks read by themselves, or Node as it is told; a file goes before those behind it. */
const FILES = [".env.local", ".env"];

/** The process's variables, and those of the folder's files, as the application itself would see them. */
export function readEnvironment(folder: string, env: NodeJS.ProcessEnv = process.env): Environment {
  const all = [env, ...FILES.map((name) => readFile(join(folder, name)))];
  return Object.fromEntries(
    Object.entries(Object.assign({}, ...all.reverse())).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** A folder of that name is somebody else's: Python's tools make some. */
function readFile(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (error) {
    const { code } = Object(error);
    if (code === "ENOENT" || code === "EISDIR") return {};
    throw error;
  }
}
