import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandFailure } from "../failure.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command with the terminal's own input and output until it ends, and resolves to its exit code, 128 and the signal's
 * number where a signal ended it. Signals are passed on to it and to all that it started; the second of them kills.
 */
export async function runChild(
  [name = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  // A group of its own: Ctrl-C reaches this process alone, and a shell in between can't keep it from the server behind it.
  const child = spawn(name, args, { stdio: "inherit", env, detached: true });
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    signalGroup(child, isStopping ? "SIGKILL" : signal);
    isStopping = true;
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        const why = error.code === "ENOENT" ? "there is no such command" : String(error.code);
        reject(new CommandFailure(`${name} can't be started: ${why}.`, 2));
      });
      child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    // What it left behind would hold its port.
    signalGroup(child, "SIGTERM");
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
