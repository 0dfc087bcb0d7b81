import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createLogin, type LoginConfig } from "../src/index.js";
import { ADA, API_KEY, AUTHKIT_URL, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A real server on a free port of this machine, with all that was sent to it. */
async function serve(listener: RequestListener) {
  const requests: { method?: string | undefined; url?: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const seen = { method: request.method, url: request.url, body: "" };
    requests.push(seen);
    for await (const chunk of request) seen.body += chunk;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closers.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

const loginAt = (apiUrl: string, config: Partial<LoginConfig> = {}) =>
  createLogin({ apiKey: API_KEY, authkitUrl: AUTHKIT_URL, apiUrl, ...config });

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

describe("a real server", () => {
  it("gets one POST of JSON and is answered with its redirect_uri", async () => {
    const { url, requests } = await serve((_, response) =>
      json(response, 200, { redirect_uri: REDIRECT_URI }),
    );
    expect(await loginAt(`${url}/base/`).complete("a", ADA)).toBe(REDIRECT_URI);
    expect(requests).toEqual([
      {
        method: "POST",
        url: "/base/authkit/oauth2/complete",
        body: JSON.stringify({ external_auth_id: "a", user: ADA.user }),
      },
    ]);
  });

  it("has the configured time to answer", async () => {
    const { url } = await serve(() => {});
    const error = await caught(() => loginAt(url, { timeout: 60 }).complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason: "timeout", retryable: false });
  });

  it("has eight seconds where nothing is configured", async () => {
    const asked = vi.spyOn(AbortSignal, "timeout");
    const { url } = await serve((_, response) => json(response, 200, { redirect_uri: REDIRECT_URI }));
    await loginAt(url).complete("a", ADA);
    expect(asked.mock.calls).toEqual([[8_000]]);
  });

  // When the time is up is for the server to say, so that no slow machine changes how far it got.
  it.each<[what: string, listener: (response: ServerResponse, endTime: () => void) => void]>([
    ["has not answered", (_, endTime) => endTime()],
    [
      "has sent headers and no body",
      (response, endTime) => {
        response.writeHead(200).flushHeaders();
        response.socket?.write("", endTime);
      },
    ],
    [
      "drips a body without end",
      (response, endTime) => {
        response.writeHead(200, { "content-type": "application/json" });
        let drops = 0;
        const drip = setInterval(() => response.write(" ", () => ++drops === 3 && endTime()), 1);
        response.on("close", () => clearInterval(drip));
      },
    ],
  ])("leaves it open what became of the login when its time is up and it %s", async (_, listener) => {
    const time = new AbortController();
    vi.spyOn(AbortSignal, "timeout").mockReturnValue(time.signal);
    const endTime = () => time.abort(new DOMException("s3cr3t", "TimeoutError"));
    const { url, requests } = await serve((_, response) => listener(response, endTime));
    const error = await caught(() => loginAt(url).complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason: "timeout", retryable: false });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
    expect(requests).toHaveLength(1);
  });

  it("is not read to the end where its answer is too large", async () => {
    const body = { redirect_uri: REDIRECT_URI, padding: "x".repeat(262_144) };
    const { url } = await serve((_, response) => json(response, 200, body));
    const error = await caught(() => loginAt(url).complete("a", ADA));
    expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "json" });
  });

  it("is hung up on where its answer is large without end", async () => {
    let hungUp: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const { url } = await serve((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
      };
      response.on("drain", pour).on("close", hungUp);
      pour();
    });
    const error = await caught(() => loginAt(url, { timeout: 60_000 }).complete("a", ADA));
    expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "json" });
    await closed;
  });

  it("may answer with the largest body that is still read", async () => {
    const body = { redirect_uri: REDIRECT_URI, padding: "" };
    body.padding = "x".repeat(262_143 - JSON.stringify(body).length);
    const { url } = await serve((_, response) => json(response, 200, body));
    expect(await loginAt(url).complete("a", ADA)).toBe(REDIRECT_URI);
  });

  it.each([301, 302, 303, 307, 308])(
    "is not followed by a %i: neither key nor user leaves",
    async (status) => {
      const elsewhere = await serve((_, response) => json(response, 200, { redirect_uri: REDIRECT_URI }));
      const { url, requests } = await serve((_, response) => {
        response.writeHead(status, { location: `${elsewhere.url}/stolen` }).end();
      });
      const error = await caught(() => loginAt(url).complete("a", ADA));
      expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "status" });
      expect(requests).toHaveLength(1);
      expect(elsewhere.requests).toEqual([]);
    },
  );

  it.each<[what: string, listener: RequestListener]>([
    [
      "HTML",
      (_, response) =>
        void response
          .writeHead(200, { "content-type": "text/html" })
          .end("<!doctype html><title>Sign in</title>"),
    ],
    ["nothing", (_, response) => void response.writeHead(200).end()],
    ["half of it", (_, response) => void response.writeHead(200).end('{"redirect_uri":')],
  ])("has to answer with JSON, not %s", async (_, listener) => {
    const { url } = await serve(listener);
    const error = await caught(() => loginAt(url).complete("a", ADA));
    expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "json" });
  });

  it("may answer null, which is JSON and no answer", async () => {
    const { url } = await serve((_, response) => json(response, 200, null));
    const error = await caught(() => loginAt(url).complete("a", ADA));
    expect(error).toMatchObject({ code: "invalid_authkit_response", reason: "redirect_uri" });
  });

  it("need not say that its JSON is JSON", async () => {
    const { url } = await serve((_, response) => {
      response.setHeader("content-type", "text/plain");
      response.end(JSON.stringify({ redirect_uri: REDIRECT_URI }));
    });
    expect(await loginAt(url).complete("a", ADA)).toBe(REDIRECT_URI);
  });

  it.each<[what: string, listener: RequestListener]>([
    ["hangs up at once", (request) => void request.socket.destroy()],
    [
      "hangs up inside the body",
      (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"redirect_uri":', () => response.destroy());
      },
    ],
    ["speaks no HTTP", (request) => void request.socket.end("s3cr3t\r\n\r\n")],
  ])("leaves it open what became of the login, and is asked once, when it %s", async (_, listener) => {
    const { url, requests } = await serve(listener);
    const error = await caught(() => loginAt(url).complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason: "network", retryable: false });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
    // Not tried again: the first try may have completed the login.
    expect(requests).toHaveLength(1);
  });

  it("is unavailable when nobody listens", async () => {
    const { url, close } = await serve(() => {});
    await close();
    const error = await caught(() => loginAt(url).complete("a", ADA));
    expect(error).toMatchObject({ code: "authkit_unavailable", reason: "network" });
    expect(everythingSaidBy(error)).not.toContain(new URL(url).port);
  });

  it.each([
    ["7", 7],
    ["3600", 3600],
    ["999999", 999_999],
    ["1000000", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["1e3", undefined],
    ["NaN", undefined],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 480],
    ["Wed, 21 Oct 2026 09:28:00 +0200", 480],
    ["21 Oct 2026 07:28:00 GMT", undefined],
    ["Wed, 33 Oct 2026 07:28:00 GMT", undefined],
    ["", undefined],
  ])("says when to come back, in seconds: Retry-After %j", async (value, retryAfter) => {
    vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 9, 21, 7, 20));
    vi.spyOn(Math, "random").mockReturnValue(0);
    for (const [status, code] of [
      [429, "rate_limited"],
      [503, "authkit_unavailable"],
    ] as const) {
      const { url } = await serve((_, response) => json(response, status, {}, { "retry-after": value }));
      const error = await caught(() => loginAt(url, { timeout: 60_000 }).complete("a", ADA));
      expect({ code: error.code, retryAfter: error.retryAfter }).toEqual({ code, retryAfter });
    }
  });
});

describe("a fetch of the application's own", () => {
  it.each<[what: string, answer: (abort: Promise<void>) => Response | Promise<Response>]>([
    ["never answers", () => new Promise(() => {})],
    ["answers with a body that never comes", () => new Response(new ReadableStream())],
    [
      "answers after the time with a body that never comes",
      (late) => late.then(() => new Response(new ReadableStream())),
    ],
  ])("has the configured time also where it does not look at the signal: %s", async (_, answer) => {
    const late = new Promise<void>((resolve) => {
      AbortSignal.timeout(40).addEventListener("abort", () => resolve());
    });
    const { login } = createAuthkit(() => answer(late), { timeout: 20 });
    const error = await caught(() => login.complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason: "timeout" });
  });

  it.each<[what: string, answer: () => Response]>([
    ["undefined", () => undefined as unknown as Response],
    ["an object", () => ({}) as Response],
    [
      "a body that fails",
      () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("s3cr3t")) })),
    ],
  ])("is the network, also where it gives %s", async (_, answer) => {
    const { login } = createAuthkit(answer);
    const error = await caught(() => login.complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason: "network" });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
  });

  it("may give a body in pieces, also in the middle of a character", async () => {
    const redirect_uri = `${AUTHKIT_URL}/日`;
    const bytes = Buffer.from(JSON.stringify({ redirect_uri }));
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { login } = createAuthkit(() => new Response(body));
    expect(await login.complete("a", ADA)).toBe(new URL(redirect_uri).href);
  });

  it("gets the signal", async () => {
    const fetch = vi.fn(async (_url: string, _init?: RequestInit) =>
      Response.json({ redirect_uri: REDIRECT_URI }),
    );
    await loginAt("https://api.example.com", { fetch }).complete("a", ADA);
    expect(fetch.mock.calls[0]?.[1]?.signal).toBeInstanceOf(AbortSignal);
  });

  it.each([100.5, 1000 / 3])("may have a time that is no whole number: %d ms", async (timeout) => {
    const { login } = createAuthkit(undefined, { timeout });
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
  });
});
