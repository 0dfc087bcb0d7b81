import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { HOME } from "./home.js";
import type { Account, Order, Report, Start, Watched } from "./messages.js";
import { Printed } from "./printed.js";
import type { Secrets } from "./secrets.js";

/** How an application's process ended. */
export interface Ending extends Account, Watched {
  /** Whether it ended by itself once its server was closed, and with code 0. */
  readonly isOwn: boolean;
  /** Lines that it printed. */
  readonly lines: number;
}

/** How long a process may take to let go of everything, in milliseconds; what it holds after that is left over. */
const PATIENCE = 20_000;

/** A running application. */
export class Program {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #secrets: Secrets;
  readonly #printed: Printed;

  private constructor(child: ChildProcess, url: string, secrets: Secrets, printed: Printed) {
    this.#child = child;
    this.url = url;
    this.#secrets = secrets;
    this.#printed = printed;
  }

  static async start(start: Omit<Start, "type">, secrets: Secrets): Promise<Program> {
    const child = spawn(
      process.execPath,
      [
        "--unhandled-rejections=warn",
        "--import",
        join(HOME, "dist/watch.js"),
        join(HOME, "dist/application.js"),
      ],
      // Nothing of the caller's environment: what the application says must be the application's.
      { stdio: ["ignore", "pipe", "pipe", "ipc"], env: {} },
    );
    const printed = new Printed([child.stdout, child.stderr].filter((stream) => stream !== null));
    await hear(child, "ready");
    const listening = hear(child, "listening");
    child.send({ type: "start", ...start } satisfies Order);
    const { port } = await listening;
    return new Program(child, `http://127.0.0.1:${port}`, secrets, printed);
  }

  /** Moves the clock of its verifier. */
  async setClock(offset: number): Promise<void> {
    const moved = hear(this.#child, "clock");
    this.#child.send({ type: "clock", offset } satisfies Order);
    await moved;
  }

  /** Closes its server, sees what is left, and searches all that it printed and was handed. */
  async stop(): Promise<Ending> {
    const child = this.#child;
    const closed = hear(child, "closed");
    child.send({ type: "close" } satisfies Order);
    const { type: _, ...account } = await closed;
    const watched = await this.#settle();
    const isOver = new Promise<boolean>((resolve) => {
      const giveUp = setTimeout(() => {
        child.kill("SIGKILL");
        resolve(false);
      }, PATIENCE);
      child.once("exit", (code) => {
        clearTimeout(giveUp);
        resolve(code === 0);
      });
    });
    child.disconnect();
    const isOwn = await isOver;
    await this.#printed.isRead;
    for (const line of this.#printed.lines) this.#secrets.search("what the application printed", line);
    for (const text of account.errors) this.#secrets.search("an error that the application was handed", text);
    return { ...account, ...watched, isOwn, lines: this.#printed.count };
  }

  /** Asks until nothing is left, or for too long: a call whose user had gone may go on to its end. */
  async #settle(): Promise<Watched> {
    const end = performance.now() + PATIENCE;
    while (true) {
      const answer = hear(this.#child, "watched");
      this.#child.send({ type: "watch" } satisfies Order);
      const { type: _, ...watched } = await answer;
      if (watched.handles.length === 0 || performance.now() > end) return watched;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The next report of a kind. Rejects where the process ends without it. */
async function hear<Type extends Report["type"]>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<Report, { type: Type }>> {
  const gone = new AbortController();
  const onExit = () => gone.abort(new Error(`the application ended before it was ${type}`));
  child.once("exit", onExit);
  try {
    while (true) {
      const [report] = (await once(child, "message", { signal: gone.signal })) as [Report];
      if (report.type === type) return report as Extract<Report, { type: Type }>;
    }
  } finally {
    child.off("exit", onExit);
  }
}
