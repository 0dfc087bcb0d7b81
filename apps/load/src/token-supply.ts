import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { SignerSeed } from "bench";
import { HOME } from "./home.js";

/** An access token of one user's: no two have the same. */
export interface Token {
  readonly text: string;
  readonly subject: string;
}

/** How many tokens lie ready, and how many are signed at a time. */
const RESERVE = 2_000;
const BATCH = 100;

/** Tokens that nobody has used, signed in advance as fast as they are taken. */
export class TokenSupply {
  readonly #worker: Worker;
  readonly #tokens: Token[] = [];
  #isSigning = false;

  private constructor(seed: SignerSeed) {
    this.#worker = new Worker(join(HOME, "dist/mint.js"), { workerData: seed });
    this.#worker.on("message", (tokens: readonly Token[]) => {
      this.#tokens.push(...tokens);
      this.#isSigning = false;
      this.#refill();
    });
  }

  /** Resolves when the reserve is full. */
  static async open(seed: SignerSeed): Promise<TokenSupply> {
    const supply = new TokenSupply(seed);
    supply.#refill();
    while (supply.#tokens.length < RESERVE) await once(supply.#worker, "message");
    return supply;
  }

  /** Throws where tokens are used faster than this machine can sign them. */
  take(): Token {
    const token = this.#tokens.pop();
    if (token === undefined) throw new Error("New tokens are used faster than they can be signed.");
    this.#refill();
    return token;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #refill(): void {
    if (this.#isSigning || this.#tokens.length >= RESERVE) return;
    this.#isSigning = true;
    this.#worker.postMessage(BATCH);
  }
}
