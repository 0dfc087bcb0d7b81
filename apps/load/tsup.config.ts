import { defineConfig } from "tsup";
import { program } from "../../tsup.base.js";

export default defineConfig(
  program(["main", "authkit", "mint", "probe", "bare/hono", "bare/fastify"].map((name) => `src/${name}.ts`)),
);
