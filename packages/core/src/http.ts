import type { ApiAccess } from "./api-access.js";
import { type Deadline, parseJson, readText, startDeadline } from "./bounds.js";
import { ConnectError } from "./errors.js";

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON body; `undefined` where the body is not JSON. */
  readonly json: unknown;
  /** `Retry-After` in seconds, where it was sent: as a number, or as a date from now on. */
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
  /** Sent in the header of this name; two calls with the same key are one. */
  readonly idempotencyKey?: string;
}

/** A call that came to no answer. */
export class HttpLoss {
  readonly reason: "timeout" | "network";
  /** Whether the call surely did not go out: no connection was made. */
  readonly isUnsent: boolean;

  constructor(reason: HttpLoss["reason"], isUnsent: boolean) {
    this.reason = reason;
    this.isUnsent = isUnsent;
  }
}

/** What became of a call, for whoever is told of it. */
export function toResult(answer: HttpAnswer | HttpLoss): {
  readonly status: number | undefined;
  readonly loss: HttpLoss["reason"] | undefined;
} {
  return answer instanceof HttpLoss
    ? { status: undefined, loss: answer.reason }
    : { status: answer.status, loss: undefined };
}

/** Calls the API once, within its own time; `onResult` is told what became of it. Throws `authkit_unavailable` (reason `timeout` or `network`). */
export async function callApi(
  api: ApiAccess,
  call: ApiCall,
  onResult?: (result: ReturnType<typeof toResult>) => void,
): Promise<HttpAnswer> {
  const answer = await send(api, call, startDeadline(api.timeout));
  onResult?.(toResult(answer));
  if (answer instanceof HttpLoss) throw new ConnectError("authkit_unavailable", { reason: answer.reason });
  return answer;
}

/**
 * One call. No retry and no redirect: ofetch would do both by itself, and a redirect would carry the user to another
 * host. Its own errors, which hold the API key and the body, end here.
 */
export async function send(
  api: ApiAccess,
  { method, path, body, idempotencyKey }: ApiCall,
  deadline: Deadline,
): Promise<HttpAnswer | HttpLoss> {
  // Not with the rest of core: in Node it takes longer to load than all of it, and resource servers call no API.
  const { createFetch } = await import("ofetch");
  const http = createFetch({ fetch: api.fetch as typeof globalThis.fetch });
  try {
    const request = http.raw(api.apiUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${api.apiKey}`,
        accept: "application/json",
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
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
  } catch (error) {
    return new HttpLoss(deadline.signal.aborted ? "timeout" : "network", isUnsent(error));
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

/**
 * What Node, Bun and undici call the failures that come before the first byte of a request: no address, no connection,
 * no TLS. Where a runtime has no such names, every loss counts as one after sending.
 */
const UNSENT =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Fetch says "failed" of everything; the reason is a cause or two below. */
function isUnsent(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < 4 && typeof cause === "object" && cause !== null; depth++) {
    const { code, syscall, cause: next } = cause as { code?: unknown; syscall?: unknown; cause?: unknown };
    // A route can be lost later, too: the name is the same, and the call it came of another.
    if (typeof code === "string" && UNSENT.test(code)) return syscall !== "read" && syscall !== "write";
    cause = next;
  }
  return false;
}

function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value);
  // An HTTP date has letters; what else Date reads, such as "-1", is none.
  const date = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
