import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { join } from "node:path";

/** The example applications, each of which tells the same story. */
export const examples = ["hono", "fastify", "next"] as const;
export type Example = (typeof examples)[number];

/** A server as it is run: in its folder, by Node with these arguments. */
export interface ServerCommand {
  readonly folder: string;
  readonly args: readonly string[];
}

export function commandOf(example: Example): ServerCommand {
  return {
    folder: join(import.meta.dirname, `../../example-${example}`),
    args:
      example === "next"
        ? ["node_modules/next/dist/bin/next", "start", "-H", "localhost"]
        : ["dist/server.js"],
  };
}

/** Starts a server in a process of its own; `env` is added to this process's. */
export function startServer(
  { folder, args }: ServerCommand,
  env: Readonly<Record<string, string>>,
  stdio: StdioOptions = ["ignore", "pipe", "pipe"],
): ChildProcess {
  const server = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
    stdio,
  });
  // However this process ends, the server ends with it.
  const kill = () => server.kill();
  process.once("exit", kill);
  server.once("exit", () => process.off("exit", kill));
  return server;
}

/** Every example prints where it listens. What it prints afterwards is for others to read. */
export function printedPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const streams = [server.stdout, server.stderr];
    let output = "";
    const read = (text: string) => {
      output += text;
      const port = /(?:on|Local:) +http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      for (const stream of streams) stream?.off("data", read);
      resolve(Number(port));
    };
    for (const stream of streams) stream?.setEncoding("utf8").on("data", read);
    server.once("exit", (code) =>
      reject(new Error(`The server ended with code ${code} before it listened.\n${output}`)),
    );
  });
}

/** Ends it as a process manager does; resolves when it has ended. */
export function end(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
