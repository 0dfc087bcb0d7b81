import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(library(["src/better-auth.ts", "src/clerk.ts", "src/supabase.ts"]));
