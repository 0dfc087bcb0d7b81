import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/connect.js", import.meta.url));

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when it has written something like this to stdout; rejects with what it wrote if it ends before. */
  saw(pattern: RegExp): Promise<RegExpExecArray>;
}

interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** The built command, as a person would run it. It is stopped when the test ends. */
export function start(args: readonly string[], { cwd, env = {}, stdin }: Surroundings): Running {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH, HOME, ...env }, cwd });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
      for (const watch of watchers) watch();
    });
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(stdin);
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const saw = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(stdout);
        if (found) resolve(found);
        else if (child.exitCode !== null) reject(new Error(`It ended and wrote:\n${stdout}\n${stderr}`));
        else return;
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  return { child, ended, saw };
}

export function run(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}
