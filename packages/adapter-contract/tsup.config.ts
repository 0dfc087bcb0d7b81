import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library(
    {
      index: "src/index.ts",
      application: "src/application.ts",
      web: "src/web.ts",
      "attack-list": "src/attack-list.ts",
      "redis-server": "src/redis-server.ts",
    },
    { platform: "node", sourcemap: false },
  ),
);
