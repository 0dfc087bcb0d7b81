import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library({
    index: "src/index.ts",
    "confirm-form": "src/confirm-form.tsx",
    pages: "src/pages.ts",
    server: "src/server.ts",
  }),
);
