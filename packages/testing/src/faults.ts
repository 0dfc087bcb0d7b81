import { type DurationText, toMilliseconds } from "./duration.js";

/** What the test AuthKit answers to. */
const ROUTES = [
  "POST /authkit/oauth2/complete",
  "GET /oauth2/jwks",
  "GET /.well-known/oauth-authorization-server",
  "GET /.well-known/openid-configuration",
] as const;
export type Route = (typeof ROUTES)[number];

/** What goes wrong instead of the answer. AuthKit does nothing then: a login stays as it was. */
export interface Fault {
  /** The answer's status. Where `status` and `body` are missing, the true answer comes, after `delay`. */
  readonly status?: number | undefined;
  /** The answer's headers, such as `{ "retry-after": "0" }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The answer's body: text as it is, anything else as JSON. With a body alone, the status is 200. */
  readonly body?: unknown;
  /** How long nothing comes, in real time: milliseconds, or such as `"2s"`. */
  readonly delay?: number | DurationText | undefined;
  /** The connection breaks: `fetch` rejects, after `delay`, as Node's does. */
  readonly reset?: boolean | undefined;
  /** How many requests it meets. Default 1. */
  readonly times?: number | undefined;
}

/** The faults to come, each route's in the order in which they were asked for. */
export class Faults {
  readonly #queues = new Map<Route, { readonly fault: Fault; left: number }[]>();

  add(route: Route, fault: Fault): void {
    if (!ROUTES.includes(route)) throw new TypeError(`Faults are for one of: ${ROUTES.join(", ")}`);
    const { times = 1, delay, reset, status, body } = fault;
    if (!(times >= 1)) throw new TypeError("times: must be at least 1");
    if (delay === undefined && !reset && status === undefined && body === undefined) {
      throw new TypeError("A fault needs a status, a body, a delay or a reset.");
    }
    const queue = this.#queues.get(route) ?? [];
    queue.push({ fault, left: times });
    this.#queues.set(route, queue);
  }

  /** Answers a request: with the next fault of its route, or as it should be. */
  async meet(route: Route, signal: AbortSignal, answer: () => Promise<Response>): Promise<Response> {
    const fault = this.#take(route);
    if (fault === undefined) return answer();
    const { delay, reset, status, headers = {}, body } = fault;
    if (delay !== undefined) await pause(toMilliseconds(delay), signal);
    if (reset) throw connectionReset();
    if (status === undefined && body === undefined) return answer();
    const init = { status: status ?? 200, headers };
    if (body === undefined) return new Response(null, init);
    return typeof body === "string" ? new Response(body, init) : Response.json(body, init);
  }

  #take(route: Route): Fault | undefined {
    const queue = this.#queues.get(route);
    const next = queue?.[0];
    if (next === undefined) return undefined;
    next.left -= 1;
    if (next.left < 1) queue?.shift();
    return next.fault;
  }
}

/** Waits, unless whoever asked gives up before. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", giveUp, { once: true });
  });
}

function connectionReset(): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
  return new TypeError("fetch failed", { cause });
}
