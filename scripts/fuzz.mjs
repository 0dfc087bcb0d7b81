#!/usr/bin/env node
// Gives core what strangers might write, and looks for what it does not stand: `npm run fuzz -- --target token`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runTasks } from "./build.mjs";

if (!runTasks(["build", "--filter=fuzz"], { quiet: true })) process.exit(1);
const { status } = spawnSync(
  process.execPath,
  [join(root, "apps/fuzz/dist/main.js"), ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
