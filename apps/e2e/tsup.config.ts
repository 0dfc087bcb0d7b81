import { defineConfig } from "tsup";
import { program } from "../../tsup.base.js";

// The load starts the examples, too, and the field's clients have the browser.
const shared = ["src/example.ts", "src/http-browser.ts"];

export default defineConfig(
  program(["src/demo.ts", "src/guarded-app.ts", ...shared], { dts: { entry: shared } }),
);
