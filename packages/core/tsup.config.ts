import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library(
    { index: "src/index.ts", web: "src/web/index.ts", node: "src/node/index.ts", otel: "src/otel/index.ts" },
    { platform: "neutral", external: [/^node:/], removeNodeProtocol: false, tsconfig: "tsconfig.node.json" },
  ),
);
