import { Agent, request } from "node:http";
import type { Answer, Ask } from "./traffic.js";

/** As many connections as a proxy would keep. What does not find a free one waits, and its waiting counts. */
export const CONNECTIONS = 64;

/** Longer than anything takes that is not stuck, in milliseconds. */
export const TIMEOUT = 30_000;

/** Sends requests to one server over keep-alive connections. */
export class Client {
  readonly #port: number;
  // Taking turns keeps all connections in use, so that none is closed for idling while a request is on its way.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: "fifo" });

  constructor(port: number) {
    this.#port = port;
  }

  /** Calls back once: with the answer or, where there is none, with what went wrong, in a word. */
  send({ path, headers }: Pick<Ask, "path" | "headers">, done: (outcome: Answer | string) => void): void {
    const outgoing = request({
      host: "localhost",
      port: this.#port,
      path,
      headers,
      agent: this.#agent,
      timeout: TIMEOUT,
    });
    const fail = (error: NodeJS.ErrnoException) => done(error.code ?? "broken off");
    outgoing.once("timeout", () => outgoing.destroy(Object.assign(new Error(), { code: "time-out" })));
    outgoing.once("error", fail);
    outgoing.once("response", (incoming) => {
      let body = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (text: string) => {
        body += text;
      });
      incoming.once("error", fail);
      incoming.once("end", () => done({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    });
    outgoing.end();
  }

  close(): void {
    this.#agent.destroy();
  }
}
