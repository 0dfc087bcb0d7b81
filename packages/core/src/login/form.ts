import { readText, startDeadline } from "../bounds.js";
import type { RequestView } from "../ports.js";

/** A request whose body may be read: a web `Request` is one. */
export interface LoginRequest extends RequestView {
  /** A stream (also Node's), the text, or the fields as a framework parsed them. Looked at only where a form was sent to the Login URI. */
  readonly body?: unknown;
}

/** The form of the confirmation page is far smaller, in bytes. */
const MAX_BYTES = 16_384;

/** How long a browser may take to send it, in milliseconds. */
const TIMEOUT = 5_000;

/** The fields of a form post (`application/x-www-form-urlencoded`), or none. */
export async function readForm({ headers, body }: LoginRequest): Promise<ReadonlyMap<string, string>> {
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return new Map();
  const stream = toStream(body);
  if (stream !== undefined) {
    return new Map(
      new URLSearchParams(await readText(stream, startDeadline(TIMEOUT), MAX_BYTES).catch(() => "")),
    );
  }
  if (typeof body === "string") return new Map(new URLSearchParams(body));
  return new Map(
    Object.entries(body ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Node's streams are no web streams, but can be read step by step as these can; no runtime's `ReadableStream.from` is asked for. */
function toStream(body: unknown): ReadableStream<Uint8Array> | undefined {
  if (body instanceof ReadableStream) return body;
  if (typeof body !== "object" || body === null || !(Symbol.asyncIterator in body)) return undefined;
  const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
