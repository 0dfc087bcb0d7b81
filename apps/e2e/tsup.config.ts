import { defineConfig } from "tsup";
import { program } from "../../tsup.base.js";

// The load starts the examples, too.
export default defineConfig(
  program(["src/demo.ts", "src/guarded-app.ts", "src/example.ts"], { dts: { entry: "src/example.ts" } }),
);
