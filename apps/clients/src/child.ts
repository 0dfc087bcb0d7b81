import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { HOME } from "./home.js";

/** A question to another process, and what came of it. */
interface Question {
  readonly id: number;
  readonly asked: unknown;
}
interface Answer {
  readonly id: number;
  readonly result?: unknown;
  /** Errors lose what was added to them on their way to another process, so that it is sent by itself. */
  readonly error?: object;
}

/** A program of this package in a process of its own, which answers questions. */
export class Child {
  readonly #process: ChildProcess;
  #questions = 0;

  /** `name` of the program in `dist`. */
  constructor(name: string, options: ForkOptions) {
    // Dates arrive as dates.
    this.#process = fork(join(HOME, `dist/${name}.js`), { serialization: "advanced", ...options });
    this.#process.setMaxListeners(0);
  }

  /** Rejects with an error that has what `describe` said of the one there, or where the process ends. */
  ask(asked: unknown): Promise<unknown> {
    const id = ++this.#questions;
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#process.off("message", onMessage);
        this.#process.off("exit", onExit);
      };
      const onMessage = (message: unknown) => {
        const { result, error, ...answer } = message as Answer;
        if (answer.id !== id) return;
        settle();
        if (error) reject(Object.assign(new Error("The process answered with an error."), error));
        else resolve(result);
      };
      const onExit = () => {
        settle();
        reject(new Error("The process has ended."));
      };
      this.#process.on("message", onMessage);
      this.#process.on("exit", onExit);
      this.#process.send({ id, asked } satisfies Question);
    });
  }

  async close(): Promise<void> {
    const exit = once(this.#process, "exit");
    this.#process.disconnect();
    await exit;
  }
}

/** The other side: answers the process that started this one, and ends with it. `describe` says what of an error is sent. */
export function answerParent(
  answer: (asked: unknown) => unknown,
  describe: (error: unknown) => object,
): void {
  process.on("message", async ({ id, asked }: Question) => {
    let answered: Omit<Answer, "id">;
    try {
      answered = { result: await answer(asked) };
    } catch (error) {
      answered = { error: describe(error) };
    }
    process.send?.({ id, ...answered } satisfies Answer);
  });
  process.once("disconnect", () => process.exit());
}
