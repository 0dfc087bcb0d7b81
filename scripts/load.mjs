#!/usr/bin/env node
// Puts the examples under load: `npm run load -- --example hono --seconds 30`. What is written where, docs/load tells.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runTasks } from "./build.mjs";

if (!runTasks(["build", "--filter=load"], { quiet: true })) process.exit(1);
const { status } = spawnSync(
  process.execPath,
  [join(root, "apps/load/dist/main.js"), ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
