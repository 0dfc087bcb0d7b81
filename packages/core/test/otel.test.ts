import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createConnections, createIntrospection, createProtectedResource } from "../src/index.js";
import { otel } from "../src/otel/index.js";
import { ADA, API_KEY, createAuthkit } from "./support/authkit.js";
import { createTestVerifier, ISSUER, JWKS, SUBJECT, signToken } from "./support/issuer.js";
import { request, withAuthorization } from "./support/requests.js";

const ID = "external_auth_id_THAT-NOBODY-MAY-SEE";
const SECRET = "client_SECRET";
const visit = request(`/auth/login?external_auth_id=${ID}`);
const options = { signInUrl: "/sign-in" };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
});

afterAll(() => {
  context.disable();
});

/** OpenTelemetry's own SDK, as an application sets it up, with exporters that keep what they get. */
function setUp() {
  const spans = new InMemorySpanExporter();
  const points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  // Nothing is exported by the clock: the tests do it.
  const reader = new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 2 ** 31 - 1 });
  const meters = new MeterProvider({ readers: [reader] });
  const tracer = tracers.getTracer("test");
  return {
    tracer,
    tracers,
    meters,
    onEvent: otel({ tracer, meter: meters.getMeter("test") }),
    spans: () => spans.getFinishedSpans(),
    async metrics() {
      await reader.forceFlush();
      const read = points.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      await meters.shutdown();
      return read.flatMap((scope) => scope.metrics);
    },
  };
}

type SetUp = ReturnType<typeof setUp>;

/** Each thing that Connect tells of, once at least, below a span of the application's. */
function doEverything({ tracer, onEvent }: Pick<SetUp, "tracer" | "onEvent">): Promise<string> {
  return tracer.startActiveSpan("request", async (span) => {
    await createAuthkit(undefined, { onEvent }).login.handle(visit, () => ADA, options);
    const { login } = createAuthkit(() => new Response(null, { status: 404 }), { onEvent });
    await login.handle(visit, () => null, options);
    await login.handle(visit, () => ADA, { ...options, confirm: true });
    await login.handle(visit, () => ADA, options);
    const lost = () => Promise.reject(new TypeError("fetch failed"));
    await createAuthkit(lost, { onEvent }).login.handle(visit, () => ADA, options);

    const introspection = createIntrospection({
      clientId: "client_1",
      clientSecret: SECRET,
      whenUnavailable: "refuse",
    });
    const fetch = async (url: string) =>
      Response.json(url.includes("introspection") ? { active: true } : JWKS);
    const verifier = createTestVerifier({ onEvent, fetch, introspection });
    const token = await signToken({ jti: "token_SECRET" });
    await verifier.authorize(withAuthorization(`Bearer ${token}`), { live: true });
    await verifier.authorize(withAuthorization(`Bearer ${token}`));
    await verifier.authorize(withAuthorization(`Bearer ${token}x`));
    const none = async () => new Response(null, { status: 500 });
    await createTestVerifier({ onEvent, fetch: none, introspection }).authorize(
      withAuthorization(`Bearer ${token}`),
    );
    const silent = async (url: string) => Response.json(url.includes("introspection") ? {} : JWKS);
    await createTestVerifier({ onEvent, fetch: silent, introspection }).authorize(
      withAuthorization(`Bearer ${token}`),
      { live: true },
    );

    for (const answer of [async () => Response.json({ issuer: ISSUER }), none]) {
      const config = { resource: "https://x.example.com", authkitUrl: ISSUER, fetch: answer, onEvent };
      await createProtectedResource(config).handle(request("/.well-known/oauth-authorization-server"));
    }
    await createConnections({
      apiKey: API_KEY,
      fetch: async () => new Response(null, { status: 404 }),
      onEvent,
    }).list(ADA.user.id);
    span.end();
    return token;
  });
}

describe("a trace", () => {
  it("has a login, and AuthKit's part in it, below the request's own span", async () => {
    const { tracer, onEvent, spans } = setUp();
    const { login } = createAuthkit(undefined, { onEvent });
    await tracer.startActiveSpan("request", async (span) => {
      await login.handle(visit, () => ADA, options);
      span.end();
    });
    const [completion, whole, root] = spans();
    const fingerprint = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect(completion).toMatchObject({ name: "connect.completion", kind: SpanKind.CLIENT });
    expect(completion?.attributes).toEqual({
      "http.response.status_code": 200,
      "connect.login.fingerprint": fingerprint,
      "connect.completion.attempt": 1,
    });
    expect(whole).toMatchObject({ name: "connect.login", kind: SpanKind.INTERNAL });
    expect(whole?.attributes).toEqual({
      "connect.login.outcome": "completed",
      "connect.login.fingerprint": completion?.attributes["connect.login.fingerprint"],
    });
    for (const span of [completion, whole]) {
      expect(span?.parentSpanContext).toEqual(root?.spanContext());
      expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    }
    expect(root?.events.map(({ name }) => name)).toEqual(["connect.login.started"]);
  });

  it("shows a span for as long as it took, up to now", () => {
    const { onEvent, spans } = setUp();
    const before = Date.now();
    onEvent({ type: "jwks.refreshed", keys: 2, ms: 1_500 });
    const [span] = spans();
    const toMs = ([seconds, nanos]: readonly [number, number]) => seconds * 1_000 + nanos / 1e6;
    expect(toMs(span?.duration ?? [0, 0])).toBeCloseTo(1_500, 3);
    expect(toMs(span?.endTime ?? [0, 0])).toBeGreaterThanOrEqual(before);
    expect(span?.attributes).toEqual({ "connect.jwks.keys": 2 });
  });

  it("has a refusal's code and reason in the request's own span, and makes no span where none was", async () => {
    const { tracer, onEvent, spans } = setUp();
    const verifier = createTestVerifier({ onEvent });
    const expired = withAuthorization(`Bearer ${await signToken({ exp: 1 })}`);
    await verifier.authorize(expired);
    await tracer.startActiveSpan("request", async (span) => {
      await verifier.authorize(expired);
      span.end();
    });
    expect(spans().map(({ name }) => name)).toEqual(["request"]);
    expect(spans().at(-1)?.events).toMatchObject([
      {
        name: "connect.token.refused",
        attributes: { "error.type": "invalid_token", "connect.error.reason": "expired" },
      },
    ]);
  });

  it("calls an error what somebody has to look after, and no visitor's own mistake", () => {
    const { onEvent, spans } = setUp();
    const failed = { type: "login.failed", login: undefined, reason: undefined, ms: 1 } as const;
    onEvent({ ...failed, code: "invalid_external_auth_id" });
    onEvent({ ...failed, code: "unauthorized_api_key" });
    onEvent({ type: "jwks.failed", reason: "timeout", ms: 1 });
    const attempted = { type: "completion.attempted", login: "l", attempt: 1, ms: 1 } as const;
    onEvent({ ...attempted, status: undefined, loss: "network" });
    onEvent({ ...attempted, status: 503, loss: undefined });
    expect(spans().map(({ attributes, status }) => [attributes["error.type"], status.code])).toEqual([
      ["invalid_external_auth_id", SpanStatusCode.UNSET],
      ["unauthorized_api_key", SpanStatusCode.ERROR],
      ["timeout", SpanStatusCode.ERROR],
      ["network", SpanStatusCode.ERROR],
      ["503", SpanStatusCode.ERROR],
    ]);
  });
});

describe("the metrics", () => {
  it("count and time each event, by what has few values alone", async () => {
    const sdk = setUp();
    await doEverything(sdk);
    const read = await sdk.metrics();
    const found = Object.fromEntries(
      read.map(({ descriptor, dataPoints }) => [
        `${descriptor.name} ${descriptor.unit}`,
        [...new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes)))].sort(),
      ]),
    );
    expect(found).toEqual({
      "connect.login.started {event}": [],
      "connect.login.duration s": ["connect.login.outcome", "connect.login.to", "error.type"],
      "connect.completion.duration s": ["error.type", "http.response.status_code"],
      "connect.token.accepted {event}": ["connect.token.cached"],
      "connect.token.refused {event}": ["error.type"],
      "connect.jwks.duration s": ["error.type"],
      "connect.introspection.duration s": ["connect.introspection.active", "error.type"],
      "connect.metadata.duration s": ["error.type"],
      "connect.connections.duration s": [
        "connect.connections.operation",
        "error.type",
        "http.response.status_code",
      ],
    });
    const started = read.find(({ descriptor }) => descriptor.name === "connect.login.started");
    expect(started?.dataPoints).toMatchObject([{ value: 5 }]);
  });

  it("are in seconds", async () => {
    const sdk = setUp();
    sdk.onEvent({ type: "metadata.refreshed", ms: 250 });
    const [metric] = await sdk.metrics();
    expect(metric?.dataPoints).toMatchObject([{ value: { count: 1, sum: 0.25 } }]);
  });
});

it("no name, attribute or event of a span or metric holds a token, key, id or e-mail address", async () => {
  const sdk = setUp();
  const token = await doEverything(sdk);
  const spans = sdk
    .spans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  const told = JSON.stringify([spans, await sdk.metrics()]);
  expect(spans.length).toBeGreaterThan(10);
  expect(told).toContain("connect.token.accepted");
  const secrets = [ID, API_KEY, SECRET, "client_1", ADA.user.id, ADA.user.email, SUBJECT, "token_SECRET"];
  for (const secret of [...secrets, ...token.split(".")]) expect(told).not.toContain(secret);
});

describe("an application's own providers", () => {
  afterEach(() => {
    trace.disable();
    metrics.disable();
  });

  it("get spans and metrics also where they are set up after otel() was called", async () => {
    const onEvent = otel();
    const sdk = setUp();
    trace.setGlobalTracerProvider(sdk.tracers);
    metrics.setGlobalMeterProvider(sdk.meters);
    onEvent({ type: "metadata.refreshed", ms: 1 });
    expect(sdk.spans()).toMatchObject([
      { name: "connect.metadata", instrumentationScope: { name: "@connect/core" } },
    ]);
    expect(await sdk.metrics()).toMatchObject([{ descriptor: { name: "connect.metadata.duration" } }]);
  });
});
