import { type FSWatcher, watch } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { createJiti } from "jiti";

import { ConfigError, type LocalAuthKitOptions } from "./config.js";

const NAMES = ["ts", "mts", "js", "mjs", "json"].map((ending) => `local-authkit.config.${ending}`);

/** Gives the options as they are, with their types known. For the default export of a configuration file. */
export function defineConfig(options: LocalAuthKitOptions): LocalAuthKitOptions {
  return options;
}

/** The configuration file of a folder, if there is one. */
export async function findConfigFile(folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const file = join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    ) {
      return file;
    }
  }
  return undefined;
}

/**
 * What a configuration file says: JSON, or the default export of a module, in TypeScript too. Whether it can be used
 * is checked with all other options. Throws {@link ConfigError}.
 */
export async function readConfigFile(file: string): Promise<LocalAuthKitOptions> {
  const value = await load(resolve(file));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${file} has no options: it must be an object, or export one as its default`);
  }
  // Names the JSON schema, for editors.
  const { $schema: _, ...options } = value as LocalAuthKitOptions & { $schema?: unknown };
  return options;
}

/** Calls `onChange` whenever the file was written. */
export function watchConfigFile(file: string, onChange: () => void): FSWatcher {
  const name = basename(file);
  let timer: NodeJS.Timeout | undefined;
  // The folder: editors put another file in the place of the old one.
  return watch(dirname(resolve(file)), (_event, changed) => {
    if (changed !== name) return;
    // One save makes for several events.
    clearTimeout(timer);
    timer = setTimeout(onChange, 50);
  });
}

async function load(file: string): Promise<unknown> {
  try {
    if (file.endsWith(".json")) return JSON.parse(await readFile(file, "utf8"));
    // Read anew each time: it may have changed.
    return await createJiti(import.meta.url, { moduleCache: false, fsCache: false }).import(file, {
      default: true,
    });
  } catch (error) {
    // A parser's message may quote the file, and with it a secret.
    const code = Object(error).code;
    const reason =
      code === "ENOENT" ? "is not there" : "cannot be read: it is not valid, or what it imports is not";
    throw new ConfigError(`${file} ${reason}`);
  }
}
