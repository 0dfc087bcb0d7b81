import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Example, printedPort, type ServerCommand, startServer } from "e2e/example";
import { HOME } from "./home.js";
import type { Reading } from "./reading.js";

/** How long a server may take to end once it is told to, in milliseconds. */
const PATIENCE = 30_000;

/** How much is kept of what it prints, in characters. */
const OUTPUT = 2_000;

/** How a server's process ended. */
export interface Ending {
  /** `by itself`: no socket, timer or listener was left. `by exit`: it did not wait for that. */
  readonly how: "by itself" | "by exit" | "killed";
  readonly code: number | null;
  /** From the signal to the end, in milliseconds. */
  readonly took: number;
}

/** How a server ends where all is in order. Next waits for its answers, and then ends itself with the signal's code. */
export function endingOf(example: Example): Omit<Ending, "took"> {
  return example === "next" ? { how: "by exit", code: 143 } : { how: "by itself", code: 0 };
}

/** A server in a process of its own. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  #isNothingLeft = false;
  #output = "";

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    child.on("message", (message) => {
      if (message === "load: nothing left") this.#isNothingLeft = true;
    });
    // All is read, since it would wait otherwise, and the end is kept.
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-OUTPUT);
      });
  }

  /** Resolves when it listens. */
  static async start(
    { folder, args }: ServerCommand,
    env: Readonly<Record<string, string>>,
  ): Promise<ServerProcess> {
    const probed = ["--expose-gc", "--import", join(HOME, "dist/probe.js"), ...args];
    const child = startServer({ folder, args: probed }, { NODE_ENV: "production", PORT: "0", ...env }, [
      "ignore",
      "pipe",
      "pipe",
      "ipc",
    ]);
    return new ServerProcess(child, await printedPort(child));
  }

  /** Collects the process's garbage, and says what is left. Throws where the process has ended. */
  read(): Promise<Reading> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#child.off("message", onMessage);
        this.#child.off("exit", onExit);
      };
      const onMessage = (message: unknown) => {
        // Next sends its parent messages of its own.
        if (typeof message !== "object" || message === null || !("heap" in message)) return;
        settle();
        resolve(message as Reading);
      };
      const onExit = () => {
        settle();
        reject(new Error(`The server ended under load.\n${this.#output}`));
      };
      if (!this.#child.connected) return onExit();
      this.#child.on("message", onMessage);
      this.#child.once("exit", onExit);
      this.#child.send("load: read");
    });
  }

  /** Tells it to end, as a process manager does. */
  async stop(): Promise<Ending> {
    const start = performance.now();
    const hasEnded = this.#child.exitCode !== null || this.#child.signalCode !== null;
    const exit = hasEnded ? undefined : once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE);
    await exit;
    clearTimeout(timer);
    const { exitCode: code, signalCode: signal } = this.#child;
    const how = signal !== null ? "killed" : this.#isNothingLeft ? "by itself" : "by exit";
    return { how, code, took: performance.now() - start };
  }
}
