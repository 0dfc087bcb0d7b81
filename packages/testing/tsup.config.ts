import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library({
    index: "src/index.ts",
    vitest: "src/vitest.ts",
    drive: "src/drive/drive.ts",
    clients: "src/clients/index.ts",
  }),
);
