import { type ChildProcess, spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const directory = join(import.meta.dirname, "../app");
const standaloneBuild = join(directory, ".next/standalone-build");
const standalone = join(standaloneBuild, "standalone/packages/next/test/app");

/** The real application, served. */
export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

/** `next build`; with a base path it is built for the standalone server. */
export async function build(basePath = ""): Promise<void> {
  await ended(run("next", ["build", directory], { BASE_PATH: basePath }));
  if (basePath === "") return;
  // Next leaves the browser's files to whoever serves them.
  cpSync(join(standaloneBuild, "static"), join(standalone, ".next/standalone-build/static"), {
    recursive: true,
  });
}

/** What `next build` says of the application whose client component imports the package; fails where it builds. */
export async function buildClient(): Promise<string> {
  const child = run("next", ["build", join(import.meta.dirname, "../client")], {}, "pipe");
  const output = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : "")));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code === 0) throw new Error("next build put the package into a browser's bundle");
  return (await output).join("");
}

/** `next start` of the plain build. */
export function start(authkitUrl: string): Promise<Served> {
  return serve(run("next", ["start", directory, "-p", "0"], { AUTHKIT_URL: authkitUrl }));
}

/** The standalone server of the build with that base path. */
export async function startStandalone(authkitUrl: string, basePath: string): Promise<Served> {
  // It takes 0 for no port at all.
  const env = { AUTHKIT_URL: authkitUrl, BASE_PATH: basePath, PORT: String(await freePort()) };
  return serve(run(process.execPath, [join(standalone, "server.js")], { ...env, HOSTNAME: "127.0.0.1" }));
}

function run(
  command: string,
  args: string[],
  env: Record<string, string>,
  errors: "pipe" | "inherit" = "inherit",
): ChildProcess {
  return spawn(command, args, {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...env },
    stdio: ["ignore", "pipe", errors],
  });
}

async function serve(server: ChildProcess): Promise<Served> {
  return {
    port: await printedPort(server),
    close: async () => {
      server.kill();
      await ended(server);
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (code: number | null) =>
      code === 0 || child.killed ? resolve() : reject(new Error(`next ended with code ${code}`));
    if (child.exitCode !== null || child.signalCode !== null) settle(child.exitCode);
    else child.once("exit", settle);
    child.stdout?.resume();
  });
}

/** Next's servers print their address once they listen. */
function printedPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    server.stdout?.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      const port = /Local:\s+http:\/\/[^:]+:(\d+)/.exec(output)?.[1];
      if (port !== undefined && output.includes("Ready in")) resolve(Number(port));
    });
    server.once("exit", () => reject(new Error(`Next's server ended before it listened: ${output}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
