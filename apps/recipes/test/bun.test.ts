import { join } from "node:path";
import { findBun } from "./support/binaries.js";
import { startProgram } from "./support/program.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../bun");

tellStory("Bun", (env) => startProgram(findBun(), ["server.ts"], { cwd, env: { ...env, PORT: "0" } }));
