import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Variables by their names; empty ones count as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's variables, and those of a `.env` in the folder, as the application itself would see them. */
export function readEnvironment(folder: string, env: NodeJS.ProcessEnv = process.env): Environment {
  const file = join(folder, ".env");
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  return Object.fromEntries(
    Object.entries({ ...fromFile, ...env }).filter(([, value]) => value !== undefined && value !== ""),
  );
}
