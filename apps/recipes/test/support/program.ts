import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Environment, Running } from "./story.js";

/** Runs a program that says in its output where it listens, and gives that address. */
export async function startProgram(
  command: string,
  parameters: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Promise<Running> {
  const child = spawn(command, parameters, { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        output += `${line}\n`;
        const found = /https?:\/\/[^/\s]*:(\d+)/i.exec(line)?.[1];
        if (/listening/i.test(line) && found !== undefined) resolve(found);
      });
    }
    child.once("error", reject);
    ended.then(() => reject(new Error(`It ended before it listened:\n${output}`)));
  });
  return {
    url: `http://localhost:${port}`,
    close: () => {
      child.kill();
      return ended;
    },
  };
}
