import { spawn } from "node:child_process";
import { once } from "node:events";

/** An application that listens, in a process of its own. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a file of JavaScript on any free port and waits until it prints its address. Throws what it prints if it ends instead. */
export async function serve(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Served> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    const read = (chunk: string) => {
      output += chunk;
      const address = /http:\/\/\S+:\d+/.exec(output)?.[0];
      if (address !== undefined) resolve(address);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("exit", () => reject(new Error(`It ended without an address:\n${output}`)));
  });
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
