import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { Mounted } from "@connect/adapter-contract";
import { ERROR_MARKER } from "@connect/adapter-contract/web";
import { differencesOf } from "./differences.js";
import { HOME } from "./home.js";
import { fileOf, folderOf, type Program, type Server } from "./programs.js";

/** With what the suite's application is started; it may reach this machine and, where the runtime can be told, nothing else. */
const ARGUMENTS: Readonly<Record<Server, readonly string[]>> = {
  node: ["dist/servers/node.js"],
  bun: ["run", "--no-install", "dist/servers/bun.js"],
  // Neither the environment nor files: what core does not need, it is not given.
  deno: ["run", "--no-remote", "--no-prompt", "--allow-net=127.0.0.1", "dist/servers/deno.js"],
  workerd: ["serve", "workerd.capnp", "--control-fd=1"],
};

/** Serves the suite's application in a process of the runtime. */
export async function mount(program: Program, authkitUrl: string): Promise<Mounted> {
  // Some packages leave it to a script of theirs, which was not run.
  await chmod(fileOf(program), 0o755);
  const isWorker = program.server === "workerd";
  const child = spawn(fileOf(program), [...ARGUMENTS[program.server], ...(isWorker ? [] : [authkitUrl])], {
    cwd: HOME,
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing of this process's environment, in which a test runner has its own settings.
    env: { AUTHKIT_URL: authkitUrl, DENO_DIR: join(folderOf(program), "cache"), DENO_NO_UPDATE_CHECK: "1" },
  });
  const exited = once(child, "exit");
  const port = await new Promise<number>((resolve, reject) => {
    let output = "";
    const read = (text: string) => {
      output += text;
      const found = /"port":(\d+)|^http:\/\/127\.0\.0\.1:(\d+)$/m.exec(output);
      if (found) resolve(Number(found[1] ?? found[2]));
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("error", reject);
    exited.then(() => reject(new Error(`${program.runtime} did not start: ${output}`)), reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    errorMarker: ERROR_MARKER,
    differences: differencesOf(program),
    async close() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
