import { readFile } from "node:fs/promises";
import { createInstrumenter } from "istanbul-lib-instrument";
import { defineConfig, type Options } from "tsup";
import { program } from "../../tsup.base.js";

/** Core as it is published, with a counter at each statement and branch: how far an input gets is what guides the fuzzer. */
const counted: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "counted",
  setup(build) {
    build.onLoad({ filter: /[\\/]core[\\/]dist[\\/][^\\/]+\.js$/ }, async ({ path }) => {
      const instrumenter = createInstrumenter({ esModules: true });
      return { contents: instrumenter.instrumentSync(await readFile(path, "utf8"), path), loader: "js" };
    });
  },
};

export default defineConfig(
  program(["src/main.ts", "src/worker.ts"], { noExternal: ["@connect/core"], esbuildPlugins: [counted] }),
);
