import {
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  metrics,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ConnectEvent, OnEvent } from "../events.js";
import { type Signal, toSignal } from "./signal.js";

/** Where spans and metrics go, in place of the global providers. */
export interface OtelConfig {
  /** Default: the global provider's, named `@connect/core`. */
  readonly tracer?: Tracer | undefined;
  /** Default: the global provider's, named `@connect/core`, as it is when the first event comes. */
  readonly meter?: Meter | undefined;
}

const NAME = "@connect/core";

/** As the semantic conventions advise for the duration of HTTP requests, in seconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * An `onEvent` that makes spans and metrics of events: `createVerifier({ onEvent: otel(), ... })`. What took time becomes
 * a span below the active one, and a histogram `<name>.duration` in seconds; what took none becomes an event of the active
 * span, and a counter. No attribute holds a token, key, id or address; those of metrics have few values.
 */
export function otel({ tracer = trace.getTracer(NAME), meter }: OtelConfig = {}): OnEvent<ConnectEvent> {
  let record: ((signal: Signal) => void) | undefined;
  return (event) => {
    const signal = toSignal(event);
    toTrace(tracer, signal);
    // Not earlier: unlike a tracer, a meter that was asked for before the application set up its own stays without effect.
    record ??= createRecord(meter ?? metrics.getMeter(NAME));
    record(signal);
  };
}

function toTrace(tracer: Tracer, { name, ms, isCall, isFault, ...signal }: Signal): void {
  const attributes: Attributes = { ...signal.attributes, ...signal.details };
  if (ms === undefined) {
    trace.getActiveSpan()?.addEvent(name, attributes);
    return;
  }
  const end = Date.now();
  const kind = isCall ? SpanKind.CLIENT : SpanKind.INTERNAL;
  const span = tracer.startSpan(name, { kind, attributes, startTime: end - ms });
  if (isFault) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(end);
}

function createRecord(meter: Meter): (signal: Signal) => void {
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  return ({ name, attributes, ms }) => {
    if (ms === undefined) {
      const counter = counters.get(name) ?? meter.createCounter(name, { unit: "{event}" });
      counters.set(name, counter);
      counter.add(1, attributes);
      return;
    }
    const histogram =
      histograms.get(name) ??
      meter.createHistogram(`${name}.duration`, {
        unit: "s",
        advice: { explicitBucketBoundaries: BOUNDARIES },
      });
    histograms.set(name, histogram);
    histogram.record(ms / 1000, attributes);
  };
}
