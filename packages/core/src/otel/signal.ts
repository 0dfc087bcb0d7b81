import type { Attributes } from "@opentelemetry/api";
import { ERRORS, type ErrorCode } from "../errors.js";
import type { ConnectEvent } from "../events.js";

/** An event in the words of OpenTelemetry. */
export interface Signal {
  readonly name: string;
  /** For spans and metrics. Each has few values, whatever comes in. */
  readonly attributes: Attributes;
  /** For spans alone: there are too many values for a metric. */
  readonly details: Attributes;
  /** In milliseconds; `undefined` for what takes no time. */
  readonly ms: number | undefined;
  /** Whether another server was called. */
  readonly isCall: boolean;
  /** Whether somebody has to look after it. */
  readonly isFault: boolean;
}

/** Puts an event in the words of OpenTelemetry, and in those of its semantic conventions where they have one. */
export function toSignal(event: ConnectEvent): Signal {
  switch (event.type) {
    case "login.started":
      return done("connect.login.started", {}, loginOf(event));
    case "login.redirected":
      return took(event, "connect.login", { [OUTCOME]: "redirected", "connect.login.to": event.to });
    case "login.asked":
      return took(event, "connect.login", { [OUTCOME]: "asked" });
    case "login.completed":
      return took(event, "connect.login", { [OUTCOME]: "completed" });
    case "login.failed":
      return {
        ...took(event, "connect.login", { [OUTCOME]: "failed", "error.type": event.code }),
        details: { ...loginOf(event), ...reasonOf(event) },
        isFault: isOurs(event.code),
      };
    case "completion.attempted":
      return {
        ...called(event, "connect.completion", answerOf(event)),
        details: { ...loginOf(event), "connect.completion.attempt": event.attempt },
      };
    case "token.accepted":
      return done("connect.token.accepted", { "connect.token.cached": event.cached });
    case "token.refused":
      return done("connect.token.refused", { "error.type": event.code }, reasonOf(event));
    case "jwks.refreshed":
      return { ...called(event, "connect.jwks", {}), details: { "connect.jwks.keys": event.keys } };
    case "metadata.refreshed":
      return called(event, "connect.metadata", {});
    case "introspection.answered":
      return called(event, "connect.introspection", { "connect.introspection.active": event.active });
    case "jwks.failed":
      return called(event, "connect.jwks", { "error.type": event.reason });
    case "metadata.failed":
      return called(event, "connect.metadata", { "error.type": event.reason });
    case "introspection.failed":
      return called(event, "connect.introspection", { "error.type": event.reason });
    case "connections.called":
      return called(event, "connect.connections", {
        "connect.connections.operation": event.operation,
        ...answerOf(event),
      });
  }
}

const OUTCOME = "connect.login.outcome";

function done(name: string, attributes: Attributes, details: Attributes = {}): Signal {
  return { name, attributes, details, ms: undefined, isCall: false, isFault: false };
}

function took(
  event: { readonly ms: number; readonly login: string | undefined },
  name: string,
  attributes: Attributes,
): Signal {
  return { ...done(name, attributes, loginOf(event)), ms: event.ms };
}

function called({ ms }: { readonly ms: number }, name: string, attributes: Attributes): Signal {
  return { ...done(name, attributes), ms, isCall: true, isFault: "error.type" in attributes };
}

/** What answered, as the conventions for HTTP clients say it: from 400 on the status is an error. */
function answerOf({
  status,
  loss,
}: {
  readonly status: number | undefined;
  readonly loss: string | undefined;
}): Attributes {
  if (status === undefined) return { "error.type": loss };
  const answered = { "http.response.status_code": status };
  return status < 400 ? answered : { ...answered, "error.type": String(status) };
}

function loginOf({ login }: { readonly login: string | undefined }): Attributes {
  return login === undefined ? {} : { "connect.login.fingerprint": login };
}

function reasonOf({ reason }: { readonly reason: string | undefined }): Attributes {
  return reason === undefined ? {} : { "connect.error.reason": reason };
}

/** Whether a failure is the application's or AuthKit's, as opposed to what a visitor or client brought along. */
function isOurs(code: ErrorCode): boolean {
  return ERRORS[code].status >= 500;
}
