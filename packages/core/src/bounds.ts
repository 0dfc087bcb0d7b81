/** How long a store may take for one step before it counts as gone, in milliseconds. */
const STORE_TIMEOUT = 1_000;

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

/** Waits for a step, at most so many milliseconds: then it is `instead`'s to say. Leaves no timer behind. */
export async function within<T, Instead>(
  timeout: number,
  step: Promise<T>,
  instead: () => Instead,
): Promise<T | Instead> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeout);
  });
  try {
    return await Promise.race([step, isOver.then(instead)]);
  } finally {
    clearTimeout(timer);
  }
}

/** One step of a store. Rejects where it throws, and where it takes longer than a second. */
export function askStore<T>(step: () => T | Promise<T>): Promise<T> {
  return within(STORE_TIMEOUT, (async () => step())(), () => {
    throw new Error("The store does not answer.");
  });
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
