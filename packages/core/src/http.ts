import { createFetch } from "ofetch";
import { parseJson, readText, startDeadline } from "./bounds.js";
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

/** No answer of the completion API is near this size, in bytes. */
const MAX_BYTES = 65_536;

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
  const deadline = startDeadline(options.timeout);
  const http = createFetch({ fetch: options.fetch as typeof globalThis.fetch });
  try {
    const request = http.raw(url, {
      method: "POST",
      headers: { authorization: `Bearer ${options.apiKey}`, accept: "application/json" },
      body,
      signal: deadline.signal,
      retry: false,
      redirect: "manual",
      ignoreResponseError: true,
      responseType: "stream",
    });
    const response = await deadline.within(request);
    return {
      status: response.status,
      json: parseJson(await readText(response._data ?? null, deadline, MAX_BYTES)),
      retryAfter: parseRetryAfter(response.headers.get("retry-after")),
    };
  } catch {
    throw new ConnectError("authkit_unavailable", {
      reason: deadline.signal.aborted ? "timeout" : "network",
    });
  }
}

function parseRetryAfter(value: string | null): number | undefined {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
