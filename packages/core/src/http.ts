import type { ApiAccess } from "./api-access.js";
import { parseJson, readText, startDeadline } from "./bounds.js";
import { ConnectError } from "./errors.js";

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON body; `undefined` where the body is not JSON. */
  readonly json: unknown;
  /** `Retry-After` in seconds, where it was sent as a number. */
  readonly retryAfter: number | undefined;
}

/** No answer of the API is near this size, in bytes: a page of a hundred entries has some 60,000. */
const MAX_BYTES = 262_144;

/** A call of the API. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** With a slash at its beginning, and a query where there is one. */
  readonly path: string;
  /** What is sent, as JSON. */
  readonly body?: object;
}

/**
 * Calls the API once. No retry and no redirect: ofetch would do both by itself, and a redirect would carry the user to
 * another host. Throws `authkit_unavailable` (reason `timeout` or `network`); ofetch's own errors, which hold the API
 * key and the body, end here.
 */
export async function callApi(api: ApiAccess, { method, path, body }: ApiCall): Promise<HttpAnswer> {
  // Not with the rest of core: in Node it takes longer to load than all of it, and resource servers call no API.
  const { createFetch } = await import("ofetch");
  const deadline = startDeadline(api.timeout);
  const http = createFetch({ fetch: api.fetch as typeof globalThis.fetch });
  try {
    const request = http.raw(api.apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${api.apiKey}`, accept: "application/json" },
      ...(body === undefined ? {} : { body }),
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

/** The failures that any call of the API can end in; `undefined` where the answer is the caller's to read. */
export function toApiFailure({ status, retryAfter }: HttpAnswer): ConnectError | undefined {
  if (status === 429) return new ConnectError("rate_limited", { retryAfter });
  if (status >= 500) return new ConnectError("authkit_unavailable", { reason: "status", retryAfter });
  if (status === 401) return new ConnectError("unauthorized_api_key", { reason: "unauthorized" });
  if (status === 403) return new ConnectError("unauthorized_api_key", { reason: "forbidden" });
  return undefined;
}

function parseRetryAfter(value: string | null): number | undefined {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
