import type { Options } from "tsup";

/** A published package: ESM, declarations, source maps. */
export function library(entry: NonNullable<Options["entry"]>, options: Options = {}): Options {
  return { entry, format: ["esm"], target: "es2022", clean: true, sourcemap: true, dts: true, ...options };
}

/** A program that is only run: no declarations. */
export function program(entry: string[], options: Options = {}): Options {
  return {
    entry,
    format: ["esm"],
    target: "node20",
    platform: "node",
    clean: true,
    sourcemap: true,
    ...options,
  };
}
