import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

// A program that is also a library: the end-to-end tests start it in their own process.
export default defineConfig(library(["src/index.ts", "src/server.ts"], { target: "node20" }));
