import { defineConfig } from "tsup";
import { program } from "../../tsup.base.js";

export default defineConfig(
  program(["src/main.ts", "src/launch.ts", "src/server.ts", "src/cold-import.ts", "src/index.ts"], {
    // The load needs the issuer and the report's parts, too.
    dts: { entry: "src/index.ts" },
  }),
);
