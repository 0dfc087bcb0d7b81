import { createFetch } from "ofetch";
import { ConnectError } from "./errors.js";
import type { Fetch } from "./ports.js";

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON body; `undefined` where the body is not JSON. */
  readonly json: unknown;
  /** `Retry-After` in seconds, where it was sent as a number. */
  readonly retryAfter: number | undefined;
}

/** No answer of the completion API is near this size, in characters; a longer one is cut off and so isn't JSON. */
const MAX_BODY = 65_536;

/**
 * Posts JSON once. No retry and no redirect: ofetch would do both by itself, and a redirect would carry the user to
 * another host. Throws `authkit_unavailable` (reason `timeout` or `network`); ofetch's own errors, which hold the API
 * key and the body, end here.
 *
 * @param timeout milliseconds for the whole exchange, reading the body included
 */
export async function postJson(
  url: string,
  body: object,
  options: { readonly apiKey: string; readonly timeout: number; readonly fetch: Fetch },
): Promise<HttpAnswer> {
  // Whole milliseconds: Node takes no others.
  const signal = AbortSignal.timeout(Math.ceil(options.timeout));
  // A custom fetch may not look at the signal, and one that never answers must not hold the login.
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  const http = createFetch({ fetch: options.fetch as typeof globalThis.fetch });
  try {
    const request = http.raw(url, {
      method: "POST",
      headers: { authorization: `Bearer ${options.apiKey}`, accept: "application/json" },
      body,
      signal,
      retry: false,
      redirect: "manual",
      ignoreResponseError: true,
      responseType: "stream",
    });
    const response = await Promise.race([request, aborted]);
    return {
      status: response.status,
      json: parseJson(await readText(response._data ?? null, aborted)),
      retryAfter: parseRetryAfter(response.headers.get("retry-after")),
    };
  } catch {
    throw new ConnectError("authkit_unavailable", { reason: signal.aborted ? "timeout" : "network" });
  }
}

async function readText(body: ReadableStream<Uint8Array> | null, aborted: Promise<never>): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  try {
    while (text.length < MAX_BODY) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
    return "";
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseRetryAfter(value: string | null): number | undefined {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
