import { defineConfig } from "tsup";
import { program } from "../../tsup.base.js";

// Both write into one folder, at the same time: neither may empty it.
const shared = { clean: false, splitting: false };

export default defineConfig([
  program(["src/main.ts", "src/servers/node.ts", "src/servers/bun.ts", "src/servers/deno.ts"], shared),
  // A Worker is one file, put together the way Wrangler does it.
  program(["src/servers/workerd.ts"], {
    ...shared,
    outDir: "dist/servers",
    platform: "neutral",
    noExternal: [/./],
    esbuildOptions: (options) => {
      options.conditions = ["workerd", "worker", "browser"];
    },
  }),
]);
