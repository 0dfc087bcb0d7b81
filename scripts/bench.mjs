#!/usr/bin/env node
// Measures Connect beside its peers: `npm run bench -- --quick`. What is written where, docs/benchmarks tells.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runTasks } from "./build.mjs";

if (!runTasks(["build", "--filter=bench"], { quiet: true })) process.exit(1);
const { status } = spawnSync(
  process.execPath,
  [join(root, "apps/bench/dist/main.js"), ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
