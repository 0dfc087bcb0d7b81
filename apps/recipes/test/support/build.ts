import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "./story.js";

const binaries = join(import.meta.dirname, "../../node_modules/.bin");

/** Runs a framework's own `build` command; rejects with what it said where it fails. */
export async function build(
  command: string,
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Promise<void> {
  // The test runner's own mode would make a development build.
  const child = spawn(join(binaries, command), ["build"], {
    cwd,
    env: { ...process.env, ...env, NODE_ENV: "production" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} build ended with ${code}:\n${output}`);
}
