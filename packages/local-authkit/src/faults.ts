import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { MiddlewareHandler } from "hono";
import * as v from "valibot";

import { type Duration, durationSchema, parseDuration } from "./clock.js";

/** What goes wrong at an address. With `delay` alone, AuthKit answers as always, later. */
export interface Fault {
  /** Answered in place of AuthKit, which does not act: 200 to 599. */
  status?: number | undefined;
  /** Of that answer. Default: none. */
  headers?: Record<string, string> | undefined;
  /** Of that answer: a text as it is, anything else as JSON. Default: empty. */
  body?: unknown;
  /** Before anything else: `2s`, or milliseconds. */
  delay?: Duration | undefined;
  /** The connection is closed without an answer: `before` AuthKit acts, or `after` it did. */
  reset?: "before" | "after" | undefined;
  /** AuthKit acts, and the connection is closed in the middle of its answer. */
  truncate?: boolean | undefined;
  /** For how many requests. Default: 1. */
  times?: number | undefined;
}

/** A fault that waits for requests. */
export interface PendingFault extends Fault {
  /** `POST /authkit/oauth2/complete`. */
  target: string;
  /** For how many more requests. */
  times: number;
}

/** `GET /oauth2/jwks`; `*` stands for any method, or for the rest of a path's segment. */
const targetSchema = v.pipe(
  v.string(),
  v.regex(/^(\*|[A-Z]+) \/\S*$/, "must be a method and a path, such as POST /oauth2/token"),
);

/** Of what the admin API takes; `target` among it. */
export const faultSchema = v.strictObject({
  target: targetSchema,
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  headers: v.optional(v.record(v.string(), v.string())),
  body: v.optional(v.unknown()),
  delay: v.optional(durationSchema),
  reset: v.optional(v.picklist(["before", "after"])),
  truncate: v.optional(v.boolean()),
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});

/** The faults that wait, in the order in which they were asked for. */
export class Faults {
  #pending: PendingFault[] = [];

  /** Expects what {@link faultSchema} gives. */
  add(fault: v.InferOutput<typeof faultSchema>): void {
    this.#pending.push({ ...fault });
  }

  get pending(): readonly PendingFault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }

  /** The fault for a request, which counts as one of its times. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.#pending.find(({ target }) => isMatch(target, method, path));
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.#pending = this.#pending.filter((other) => other !== fault);
    return fault;
  }
}

function isMatch(target: string, method: string, path: string): boolean {
  const [expectedMethod, expectedPath = ""] = target.split(" ");
  if (expectedMethod !== "*" && expectedMethod !== method) return false;
  const expected = expectedPath.split("/");
  const segments = path.split("/");
  return (
    expected.length === segments.length &&
    expected.every((part, index) => part === "*" || part === segments[index])
  );
}

/** Lets faults happen. To stand before everything that acts. */
export function faultMiddleware(faults: Faults): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async (c, next) => {
    const fault = faults.take(c.req.method, c.req.path);
    if (!fault) return next();
    const { incoming, outgoing } = c.env;
    if (fault.delay !== undefined) {
      const gone = new AbortController();
      outgoing.once("close", () => gone.abort());
      // Who has gone waits no longer, and neither does the process.
      await wait(parseDuration(fault.delay), undefined, { signal: gone.signal }).catch(() => {});
    }
    if (fault.reset === "before") {
      incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    if (fault.status !== undefined) {
      const { status, headers, body } = fault;
      const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
      // Not by way of `c`, which has no type for all statuses, such as 204 with a body.
      const answer = new Response(text, { status });
      if (typeof body !== "string") answer.headers.set("Content-Type", "application/json");
      for (const [name, value] of Object.entries(headers ?? {})) answer.headers.set(name, value);
      return answer;
    }
    if (fault.reset === "after" || fault.truncate) spoil(outgoing, fault.truncate ?? false);
    return next();
  };
}

/** Holds the answer back until all of it is there; then half of it is sent, or nothing. */
function spoil(outgoing: ServerResponse, isHalfSent: boolean): void {
  const chunks: Buffer[] = [];
  const write = outgoing.write.bind(outgoing) as (chunk: Buffer, done: () => void) => boolean;
  const hold = (chunk: unknown) => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
  };
  outgoing.write = (chunk: unknown) => {
    hold(chunk);
    return true;
  };
  outgoing.end = (chunk?: unknown) => {
    hold(chunk);
    const body = Buffer.concat(chunks);
    if (isHalfSent) write(body.subarray(0, body.length / 2), () => outgoing.destroy());
    else outgoing.destroy();
    return outgoing;
  };
}
