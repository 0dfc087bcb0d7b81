import { readText, startDeadline } from "../bounds.js";
import type { RequestView } from "../ports.js";

/** A request whose body may be read: a web `Request` is one. */
export interface LoginRequest extends RequestView {
  /** A stream, the text, or the fields as a framework parsed them. Looked at only where a form was sent to the Login URI. */
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
  if (typeof body === "object" && body !== null && !(body instanceof ReadableStream)) {
    return new Map(
      Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  }
  const text =
    body instanceof ReadableStream
      ? await readText(body, startDeadline(TIMEOUT), MAX_BYTES).catch(() => "")
      : body;
  return new Map(new URLSearchParams(typeof text === "string" ? text : ""));
}
