import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

it.each([
  "better-auth/route.ts",
  "clerk/route.ts",
  "supabase/route.ts",
  "passport/route.ts",
  "express-session/route.ts",
  "iron-session/route.ts",
  "auth-js/callbacks.ts",
  "auth-js/route.ts",
])("the README quotes %s as it is run", (name) => {
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(join(root, "examples", name), "utf8").trim()}\n\`\`\``);
});
