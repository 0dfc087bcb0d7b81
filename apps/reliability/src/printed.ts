import type { Readable } from "node:stream";

/** All that a process printed. */
export class Printed {
  /** The different lines. */
  readonly lines = new Set<string>();
  count = 0;
  /** When there is no more to come. */
  readonly isRead: Promise<unknown>;

  constructor(streams: readonly Readable[]) {
    this.isRead = Promise.all(streams.map((stream) => this.#read(stream)));
  }

  async #read(stream: Readable): Promise<void> {
    let rest = "";
    for await (const chunk of stream.setEncoding("utf8")) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      this.count += lines.length;
      for (const line of lines) this.lines.add(line);
    }
    this.lines.add(rest);
  }
}
