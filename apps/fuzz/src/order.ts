import { MAX_LENGTH } from "./mutation.js";

/** What a worker is to do. */
export interface Order {
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
  readonly keeps: boolean;
  readonly log: SharedArrayBuffer;
}

/** What came of it. */
export interface Report {
  readonly inputs: number;
  readonly places: number;
  readonly kept: number;
  readonly finding: string | undefined;
}

/** Which input a worker is at, to be read from outside: where it stands still, it can't say so itself. */
export class RunLog {
  readonly buffer: SharedArrayBuffer;
  readonly #counts: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(8 + MAX_LENGTH)) {
    this.buffer = buffer;
    this.#counts = new Int32Array(buffer, 0, 2);
    this.#bytes = new Uint8Array(buffer, 8);
  }

  begin(input: Buffer): void {
    this.#bytes.set(input);
    Atomics.store(this.#counts, 1, input.length);
    Atomics.add(this.#counts, 0, 1);
  }

  get runs(): number {
    return Atomics.load(this.#counts, 0);
  }

  get input(): Buffer {
    return Buffer.from(this.#bytes.slice(0, Atomics.load(this.#counts, 1)));
  }
}
