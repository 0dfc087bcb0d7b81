/** So many characters tell one secret from all others. */
const WINDOW = 16;

/** A place where a secret was found that has no business there. */
export interface Leak {
  readonly where: string;
  readonly kind: string;
}

/** All secrets of a run, and the search for them. */
export class Secrets {
  readonly #windows = new Map<string, { readonly secret: string; readonly kind: string }>();
  readonly #clean = new Set<string>();
  readonly leaks: Leak[] = [];
  /** Characters that were searched. */
  searched = 0;

  get size(): number {
    return this.#windows.size;
  }

  /** Adds a text that has at least 16 characters which no other secret has; they are taken from its end. */
  add(kind: string, secret: string): string {
    if (!/[\w-]{16}$/.test(secret)) throw new Error(`too short to be searched for: ${kind}`);
    this.#windows.set(secret.slice(-WINDOW), { secret, kind });
    return secret;
  }

  /** Searches a text. What `allowed` holds may stand there. */
  search(where: string, text: string, allowed: readonly string[] = []): void {
    this.searched += text.length;
    // Most answers are the same few pages, and the secrets that came later are in none of them.
    if (text.length < 4_096 && this.#clean.has(text)) return;
    let isClean = true;
    for (const [run] of text.matchAll(/[\w-]{16,}/g)) {
      for (let start = 0; start + WINDOW <= run.length; start++) {
        const found = this.#windows.get(run.slice(start, start + WINDOW));
        if (found === undefined) continue;
        isClean = false;
        if (!allowed.includes(found.secret)) this.leaks.push({ where, kind: found.kind });
      }
    }
    if (isClean && text.length < 4_096 && this.#clean.size < 1_000) this.#clean.add(text);
  }
}
