import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Clock, createProtectedResource, type Fetch } from "../src/index.js";
import { everythingSaidBy } from "./support/errors.js";
import { request } from "./support/requests.js";

const AUTHKIT_URL = "https://example.authkit.app";
const MINUTE = 60_000;
const json = (document: unknown = { issuer: AUTHKIT_URL }) => Response.json(document);

const closers: (() => void)[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const close of closers.splice(0)) close();
});

/** A mirror of an AuthKit that answers as it is told, at a time that moves when it is told. */
function createMirrored(fetch: Fetch, clock?: Clock) {
  const calls: string[] = [];
  const state = { fetch, now: 1_700_000_000_000 };
  const resource = createProtectedResource({
    resource: "https://api.example.com/mcp",
    authkitUrl: AUTHKIT_URL,
    clock: clock ?? (() => state.now),
    fetch: (url, init) => {
      calls.push(url);
      return state.fetch(url, init);
    },
  });
  /** The document's text, or the reason why there is none. */
  const ask = async () => {
    const outcome = await resource.handle(request("/.well-known/oauth-authorization-server"));
    if (outcome?.type === "metadata") return outcome.json;
    if (outcome?.type !== "metadata_unavailable") throw new Error(outcome?.type);
    return outcome.error;
  };
  return { state, calls, ask };
}

describe("AuthKit's document", () => {
  it("is fetched from AuthKit when it is first asked for, and given on as it came", async () => {
    const text = `{"issuer" :"${AUTHKIT_URL}",\n "n": 12345678901234567890, "é": "\\u00e9", "n": 1}`;
    const { ask, calls } = createMirrored(async (_, init) => {
      expect(new Headers(init?.headers).get("accept")).toBe("application/json");
      expect(init).toMatchObject({ redirect: "manual", signal: expect.any(AbortSignal) });
      expect(init).not.toHaveProperty("body");
      return new Response(text, { headers: { "content-type": "text/plain" } });
    });
    expect(calls).toEqual([]);
    expect(await ask()).toBe(text);
    expect(calls).toEqual([`${AUTHKIT_URL}/.well-known/oauth-authorization-server`]);
  });

  const large = (size: number) => {
    const empty = JSON.stringify({ issuer: AUTHKIT_URL, padding: "" });
    return JSON.stringify({ issuer: AUTHKIT_URL, padding: "x".repeat(size - empty.length) });
  };

  it.each<[reason: string, what: string, fetch: Fetch]>([
    ["network", "no connection", () => Promise.reject(new Error("s3cr3t"))],
    [
      "network",
      "a fetch that throws",
      () => {
        throw new Error("s3cr3t");
      },
    ],
    ["status", "404", async () => new Response("{}", { status: 404 })],
    [
      "status",
      "an error with a good document",
      async () => Response.json({ issuer: AUTHKIT_URL }, { status: 500 }),
    ],
    ["status", "a redirect", async () => Response.redirect("https://s3cr3t.example", 302)],
    ["status", "no content", async () => new Response(null, { status: 204 })],
    ["json", "an empty body", async () => new Response("")],
    ["json", "no body", async () => new Response(null)],
    ["json", "HTML", async () => new Response("<html>s3cr3t")],
    ["json", "null", async () => json(null)],
    ["json", "a string", async () => json(AUTHKIT_URL)],
    ["json", "a cut-off document", async () => new Response(`{"issuer":"${AUTHKIT_URL}"`)],
    ["json", "one byte too many", async () => new Response(large(65_537))],
    [
      "json",
      "too many bytes in fewer characters",
      async () => json({ issuer: AUTHKIT_URL, x: "é".repeat(40_000) }),
    ],
    ["issuer", "a list", async () => json([{ issuer: AUTHKIT_URL }])],
    ["issuer", "no issuer", async () => json({})],
    ["issuer", "another issuer", async () => json({ issuer: "https://s3cr3t.example" })],
    ["issuer", "an issuer with a slash", async () => json({ issuer: `${AUTHKIT_URL}/` })],
    ["issuer", "an issuer in capitals", async () => json({ issuer: "https://EXAMPLE.authkit.app" })],
    ["issuer", "a list of issuers", async () => json({ issuer: [AUTHKIT_URL] })],
    [
      "issuer",
      "an issuer that is inherited",
      async () => new Response(`{"__proto__":{"issuer":"${AUTHKIT_URL}"}}`),
    ],
  ])("is not given on where it is not AuthKit's own: %s, %s", async (reason, _, fetch) => {
    const error = await createMirrored(fetch).ask();
    expect(error).toMatchObject({ code: "metadata_unavailable", status: 503, retryable: true, reason });
    expect(error).toMatchObject({ retryAfter: 10 });
    expect(everythingSaidBy(error)).not.toContain("s3cr3t");
  });

  it("is hung up on where its status says enough", async () => {
    const cancel = vi.fn();
    await createMirrored(async () => new Response(new ReadableStream({ cancel }), { status: 500 })).ask();
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("may be as large as is read at all", async () => {
    expect(await createMirrored(async () => new Response(large(65_536))).ask()).toHaveLength(65_536);
  });

  it("is fetched once for all who ask at the same time", async () => {
    let answer: (response: Response) => void = () => {};
    const { ask, calls, state } = createMirrored(() => new Promise((resolve) => (answer = resolve)));
    const asked = [ask(), ask(), ask()];
    state.now += 4_999;
    asked.push(ask());
    await Promise.resolve();
    answer(json());
    expect(new Set(await Promise.all(asked))).toEqual(new Set([JSON.stringify({ issuer: AUTHKIT_URL })]));
    expect(calls).toHaveLength(1);
  });

  it("fails once for all who ask at the same time", async () => {
    const { ask, calls } = createMirrored(async () => new Response(null, { status: 500 }));
    const answers = await Promise.all([ask(), ask(), ask()]);
    for (const answer of answers) expect(answer).toMatchObject({ reason: "status" });
    expect(calls).toHaveLength(1);
  });

  it("is fetched anew where an attempt never ends, though its time is over", async () => {
    const { ask, calls, state } = createMirrored(() => new Promise(() => {}));
    // A runtime that drops what a request began drops the time-out with it.
    vi.spyOn(AbortSignal, "timeout").mockReturnValue(new AbortController().signal);
    ask();
    state.fetch = async () => json();
    state.now += 5_000;
    expect(await ask()).toBe(JSON.stringify({ issuer: AUTHKIT_URL }));
    expect(calls).toHaveLength(2);
  });
});

describe("the time AuthKit has", () => {
  it("is five seconds", async () => {
    const asked = vi.spyOn(AbortSignal, "timeout");
    await createMirrored(async () => json()).ask();
    expect(asked.mock.calls).toEqual([[5_000]]);
  });

  it.each<[what: string, fetch: Fetch]>([
    ["never answers, and does not look at the signal", () => new Promise(() => {})],
    ["sends no end of its body", async () => new Response(new ReadableStream({ pull: () => {} }))],
  ])("is all it gets where it %s", async (_, fetch) => {
    const time = new AbortController();
    vi.spyOn(AbortSignal, "timeout").mockReturnValue(time.signal);
    const answer = createMirrored(fetch).ask();
    setTimeout(() => time.abort(new DOMException("s3cr3t", "TimeoutError")), 5);
    expect(await answer).toMatchObject({ code: "metadata_unavailable", reason: "timeout" });
    expect(everythingSaidBy(await answer)).not.toContain("s3cr3t");
  });
});

describe("what is kept", () => {
  const first = JSON.stringify({ issuer: AUTHKIT_URL, version: 1 });
  const second = JSON.stringify({ issuer: AUTHKIT_URL, version: 2 });
  const down: Fetch = async () => new Response(null, { status: 503 });

  it("is a good document, for ten minutes", async () => {
    const { ask, calls, state } = createMirrored(async () => new Response(first));
    await ask();
    state.fetch = async () => new Response(second);
    state.now += 10 * MINUTE - 1;
    expect(await ask()).toBe(first);
    expect(calls).toHaveLength(1);
    state.now += 1;
    expect(await ask()).toBe(second);
    expect(calls).toHaveLength(2);
  });

  it("is a failure, for ten seconds", async () => {
    const { ask, calls, state } = createMirrored(down);
    await ask();
    state.fetch = async () => new Response(first);
    state.now += 9_999;
    expect(await ask()).toMatchObject({ reason: "status" });
    expect(calls).toHaveLength(1);
    state.now += 1;
    expect(await ask()).toBe(first);
    expect(calls).toHaveLength(2);
  });

  it("is the last good document where AuthKit fails, for an hour", async () => {
    const { ask, calls, state } = createMirrored(async () => new Response(first));
    await ask();
    state.fetch = async () => json({ issuer: "https://evil.example" });
    state.now += 10 * MINUTE;
    expect(await ask()).toBe(first);
    expect(await ask()).toBe(first);
    expect(calls).toHaveLength(2);
    state.now += 50 * MINUTE - 1;
    expect(await ask()).toBe(first);
    expect(calls).toHaveLength(3);
    state.now += 1;
    expect(await ask()).toMatchObject({ reason: "issuer" });
    expect(calls).toHaveLength(3);
    state.fetch = async () => new Response(second);
    state.now += 10_000;
    expect(await ask()).toBe(second);
  });

  it("is not kept for longer where the clock is set back", async () => {
    const { ask, calls, state } = createMirrored(async () => new Response(first));
    await ask();
    state.fetch = down;
    state.now -= 24 * 60 * MINUTE;
    expect(await ask()).toMatchObject({ reason: "status" });
    state.fetch = async () => new Response(second);
    state.now -= 1;
    expect(await ask()).toBe(second);
    expect(calls).toHaveLength(3);
  });

  it("is kept by a resource alone", async () => {
    const fetch: Fetch = async () => new Response(first);
    const [one, another] = [createMirrored(fetch), createMirrored(fetch)];
    await one.ask();
    await another.ask();
    expect(another.calls).toHaveLength(1);
  });
});

it("what the clock throws is the application's", async () => {
  const thrown = new Error("no time");
  const { ask } = createMirrored(
    async () => json(),
    () => {
      throw thrown;
    },
  );
  await expect(ask()).rejects.toBe(thrown);
});

describe("a real AuthKit", () => {
  async function serve(listener: RequestListener) {
    const paths: (string | undefined)[] = [];
    const server = createServer((incoming, response) => {
      paths.push(incoming.url);
      listener(incoming, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
  }

  const askAt = (authkitUrl: string) =>
    createProtectedResource({ resource: "https://api.example.com", authkitUrl }).handle(
      request("/.well-known/oauth-authorization-server"),
    );

  it("is asked with the global fetch", async () => {
    const { url } = await serve((incoming, response) =>
      response.end(JSON.stringify({ issuer: `http://${incoming.headers.host}` })),
    );
    expect(await askAt(url)).toEqual({
      type: "metadata",
      json: JSON.stringify({ issuer: url }),
      head: false,
    });
  });

  it("is not followed anywhere else", async () => {
    const { url, paths } = await serve((incoming, response) =>
      incoming.url === "/elsewhere"
        ? response.end(JSON.stringify({ issuer: `http://${incoming.headers.host}` }))
        : response.writeHead(302, { location: "/elsewhere" }).end(),
    );
    expect(await askAt(url)).toMatchObject({ type: "metadata_unavailable", error: { reason: "status" } });
    expect(paths).toEqual(["/.well-known/oauth-authorization-server"]);
  });

  it("is hung up on where its document has no end", async () => {
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
    expect(await askAt(url)).toMatchObject({ type: "metadata_unavailable", error: { reason: "json" } });
    await closed;
  });
});
