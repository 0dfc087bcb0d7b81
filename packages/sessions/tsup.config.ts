import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library(["src/{auth-js,better-auth,clerk,express-session,iron-session,passport,supabase}.ts"]),
);
