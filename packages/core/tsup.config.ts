import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig([
  library({ index: "src/index.ts", web: "src/web/index.ts" }, { platform: "neutral" }),
  // The one entry that knows Node.
  library(
    { node: "src/node/index.ts" },
    { platform: "node", clean: false, tsconfig: "src/node/tsconfig.json" },
  ),
]);
