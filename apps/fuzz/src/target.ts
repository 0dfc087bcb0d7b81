/** A part of core that takes what strangers write. */
export interface Target {
  readonly name: string;
  /** Pieces of what it reads, for inputs that get somewhere. */
  readonly words: readonly string[];
  /**
   * Gives it the input, and says in a word what came of it. Rejects where that is wrong: a {@link Fault}, or whatever
   * core let out that it should not have.
   */
  run(input: Buffer): Promise<string>;
}

/** Core did what it must never do. */
export class Fault extends Error {
  override readonly name = "Fault";
}

export function expect(isRight: boolean, what: string): asserts isRight {
  if (!isRight) throw new Fault(what);
}
