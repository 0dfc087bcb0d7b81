#!/usr/bin/env node
// The whole story in the terminal, on ports of its own: `npm run demo -- --example next`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runTasks } from "./build.mjs";

if (!runTasks(["build", "--filter=e2e"], { quiet: true })) process.exit(1);
const { status } = spawnSync(
  process.execPath,
  [join(root, "apps/e2e/dist/demo.js"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
