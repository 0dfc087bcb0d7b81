/** The time an exchange has as a whole. */
export interface Deadline {
  /** For the fetch. */
  readonly signal: AbortSignal;
  /** Waits for a step of the exchange, and rejects when the time is up: a custom fetch may not look at the signal. */
  within<T>(step: Promise<T>): Promise<T>;
}

/** Starts the clock of an exchange, in milliseconds. */
export function startDeadline(timeout: number): Deadline {
  // Whole milliseconds: Node takes no others.
  const signal = AbortSignal.timeout(Math.ceil(timeout));
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  return { signal, within: (step) => Promise.race([step, aborted]) };
}

/** Reads a body within its time. One that is too long is hung up on and comes out empty, and so isn't JSON. */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  deadline: Deadline,
  maxBytes: number,
): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let size = 0;
  try {
    while (true) {
      const { done, value } = await deadline.within(reader.read());
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > maxBytes) return "";
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The JSON of a text; `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
