#!/usr/bin/env node
// Builds an app and what it needs, and runs it: `node scripts/run.mjs bench --quick` is `npm run bench -- --quick`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runTasks } from "./build.mjs";

const [app = "", ...args] = process.argv.slice(2);
// The story's app has more than one program.
const name = app === "e2e" ? "demo" : "main";
if (!runTasks(["build", `--filter=${app}`], { quiet: true })) process.exit(1);
const program = join(root, "apps", app, "dist", `${name}.js`);
const { status } = spawnSync(process.execPath, [program, ...args], { stdio: "inherit" });
process.exitCode = status ?? 1;
