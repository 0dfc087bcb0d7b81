import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the program is; without it, what needs it is skipped. */
export const REDIS_SERVER = process.env.REDIS_SERVER_PATH;

/** A Redis of this test's own. It writes nothing to disk. */
export interface RedisServer {
  /** It listens here and on no port: no other program can have taken it, also when it starts anew. */
  readonly path: string;
  /** The signals are `SIGTERM`, and `SIGSTOP` and `SIGCONT` for one that hangs. */
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedis(program = REDIS_SERVER ?? "redis-server"): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), "connect-redis-"));
  const path = join(directory, "redis.sock");
  let server = await run();

  async function run() {
    const options = { port: "0", unixsocket: path, dir: directory, save: "", appendonly: "no" };
    const child = spawn(
      program,
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await new Promise<void>((resolve, reject) => {
      let output = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
        if (/ready to accept connections/i.test(output)) resolve();
      });
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`Redis did not start: ${output}`)));
    });
    return child;
  }

  async function stop(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    await exited;
  }

  return {
    path,
    stop,
    signal: (signal) => void server.kill(signal),
    async start() {
      server = await run();
    },
    async close() {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
