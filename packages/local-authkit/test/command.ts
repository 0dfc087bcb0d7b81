import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../bin/local-authkit.js", import.meta.url));

/** The command, as a person would run it. It is killed when the test ends. */
export function run(args: string[], env: Record<string, string> = {}, cwd?: string) {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH, ...env }, cwd });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
    if (stdout.includes("Ctrl+C")) isReady();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const exit = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ready, exit, output: () => stdout, errors: () => stderr };
}
