import { join } from "node:path";
import { findDeno } from "./support/binaries.js";
import { startProgram } from "./support/program.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../deno");

tellStory("Deno", (env) =>
  startProgram(
    findDeno(),
    [
      "serve",
      "--no-check",
      "--node-modules-dir=manual",
      "--allow-net",
      "--allow-env",
      "--host=localhost",
      "--port=0",
      "main.ts",
    ],
    { cwd, env },
  ),
);
