import { afterEach, describe, expect, it, vi } from "vitest";
import { type Fetch, toReply } from "../src/index.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { createTestVerifier, ISSUER, JWKS, serveKeys, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

const token = await signToken();

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Never answers, and gives up when it is told to, as the global fetch does. */
const hang: Fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
  });

describe("the issuer's keys", () => {
  it.each([
    [undefined, `${ISSUER}/oauth2/jwks`],
    ["https://keys.example.com/set.json", "https://keys.example.com/set.json"],
  ])("are fetched from jwksUrl (%s) with nothing but a GET", async (jwksUrl, url) => {
    const fetch = vi.fn(serveKeys);
    await createTestVerifier({ fetch, jwksUrl }).verify(token);
    expect(fetch).toHaveBeenCalledTimes(1);
    const [input, init] = fetch.mock.calls[0] ?? [];
    expect(input).toBe(url);
    expect(init?.method ?? "GET").toBe("GET");
    expect(new Headers(init?.headers).has("authorization")).toBe(false);
    expect(init?.redirect).toBe("manual");
  });

  it("are not fetched before a token comes", () => {
    const fetch = vi.fn(serveKeys);
    createTestVerifier({ fetch });
    expect(fetch).not.toHaveBeenCalled();
  });

  it("come by the global fetch where none is given", async () => {
    const fetch = vi.fn(async () => Response.json(JWKS));
    const verifier = createTestVerifier({ fetch: undefined });
    vi.stubGlobal("fetch", fetch);
    await verifier.verify(token);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["another kid", { kid: "rsa-2" }],
    ["an empty kid", { kid: "" }],
    ["a kid of another algorithm", { kid: "ec-1" }],
    ["a kid as in a prototype", { kid: "__proto__" }],
    ["a kid with a path", { kid: "../rsa-1" }],
  ])("don't hold the key of a token with %s, which is the token's fault", async (_, header) => {
    const error = await caught(async () => createTestVerifier().verify(await signToken({}, header)));
    expect(error).toMatchObject({ code: "invalid_token", reason: "kid" });
  });
});

describe("keys that can't be had", () => {
  it.each<[what: string, fetch: Fetch]>([
    ["status 500", async () => new Response("s3cr3t", { status: 500 })],
    ["status 404", async () => Response.json(JWKS, { status: 404 })],
    ["status 429", async () => Response.json(JWKS, { status: 429 })],
    ["a redirect", async () => new Response(null, { status: 302, headers: { location: "https://s3cr3t" } })],
    ["a network error", async () => Promise.reject(new TypeError("s3cr3t", { cause: new Error("s3cr3t") }))],
    ["not JSON", async () => new Response("<html>s3cr3t")],
    ["null", async () => Response.json(null)],
    ["no keys member", async () => Response.json({ s3cr3t: [] })],
    ["keys that are no list", async () => Response.json({ keys: { s3cr3t: JWKS.keys[0] } })],
    ["keys that are no objects", async () => Response.json({ keys: ["s3cr3t"] })],
    ["an empty list of keys", async () => Response.json({ keys: [] })],
    ["no answer at all", async () => undefined as unknown as Response],
  ])("are not the token's fault: %s", async (_, fetch) => {
    const verifier = createTestVerifier({ fetch });
    const error = await caught(() => verifier.verify(token));
    expect(error).toMatchObject({ code: "jwks_unavailable", status: 503, retryable: true });

    const outcome = await verifier.authorize(withAuthorization(`Bearer ${token}`));
    expect(outcome).toEqual({
      type: "unavailable",
      error: expect.objectContaining({ code: "jwks_unavailable" }),
    });
    if (outcome.type !== "unavailable") throw new Error(outcome.type);
    const reply = toReply(outcome);
    expect(reply.status).toBe(503);
    expect(reply.headers).not.toHaveProperty("www-authenticate");
    for (const value of [error, outcome, reply]) expect(everythingSaidBy(value)).not.toContain("s3cr3t");
  });

  it("are given up after five seconds", async () => {
    const timeout = AbortSignal.timeout;
    const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 10));
    const outcome = await createTestVerifier({ fetch: hang }).authorize(withAuthorization(`Bearer ${token}`));
    expect(outcome).toMatchObject({ type: "unavailable", error: { code: "jwks_unavailable" } });
    expect(asked.mock.calls).toEqual([[5_000]]);
  });

  it("are asked for again by the next request", async () => {
    let up = false;
    const verifier = createTestVerifier({
      fetch: async () => (up ? Response.json(JWKS) : new Response(null, { status: 503 })),
    });
    expect(await verifier.authorize(withAuthorization(`Bearer ${token}`))).toMatchObject({
      type: "unavailable",
    });
    up = true;
    expect(await verifier.authorize(withAuthorization(`Bearer ${token}`))).toMatchObject({
      type: "authorized",
    });
  });
});
