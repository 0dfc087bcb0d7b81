import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandFailure } from "../failure.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How a command ended. */
export interface Ended {
  /** Its exit code; 128 and the signal's number where a signal ended it. */
  readonly code: number;
  /** Whether that was asked for, by a signal to this process. */
  readonly wasStopped: boolean;
}

/**
 * Runs a command with the terminal's own input and output until it ends. Signals are passed on to it and to all that it started; the second of them kills.
 */
export async function runChild(
  [name = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  // A group of its own: Ctrl-C reaches this process alone, and a shell in between can't keep it from the server behind it.
  const child = spawn(name, args, { stdio: "inherit", env, detached: true });
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    signalGroup(child, isStopping ? "SIGKILL" : signal);
    isStopping = true;
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        reject(new CommandFailure(`${name} can't be started: ${whyNot(name, error.code)}`));
      });
      child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
    });
    return { code, wasStopped: isStopping };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    // What it left behind would hold its port.
    signalGroup(child, "SIGTERM");
  }
}

function whyNot(name: string, code: string | undefined): string {
  if (code === "EACCES") return "it is not executable.";
  if (code !== "ENOENT") return `${code}.`;
  if (/^\w+=/.test(name)) return "variables go before connect.";
  if (/\s/.test(name)) return "give it word by word, without quotes around all of it.";
  return "there is no such command.";
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
