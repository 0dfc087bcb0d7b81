import { describe, expect, it, vi } from "vitest";
import type { AccessToken, Completion, LoginRouteOptions } from "../src/index.js";
import { loginRoute, requireToken } from "../src/web/index.js";
import { ADA, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught } from "./support/errors.js";
import { createTestVerifier, SUBJECT, signToken } from "./support/issuer.js";

const LOGIN_URI = "https://app.example.com/auth/login?external_auth_id=a";

describe("loginRoute", () => {
  it("completes the login and sends the browser on", async () => {
    const { login, calls } = createAuthkit();
    const authenticate = vi.fn(async (_request: Request): Promise<Completion> => ADA);
    const handler = loginRoute(login, { signInUrl: "/sign-in", authenticate });
    const request = new Request(LOGIN_URI);
    const response = await handler(request);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(REDIRECT_URI);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(authenticate.mock.calls[0]?.[0]).toBe(request);
    expect(calls).toHaveLength(1);
  });

  it("sends to the sign-in page and back", async () => {
    const { login } = createAuthkit();
    const handler = loginRoute(login, { signInUrl: "/sign-in", authenticate: () => null });
    const response = await handler(new Request(LOGIN_URI));
    const signIn = new URL(response.headers.get("location") ?? "", LOGIN_URI);
    expect(signIn.pathname).toBe("/sign-in");
    expect(new URL(signIn.searchParams.get("return_to") ?? "", LOGIN_URI).href).toBe(LOGIN_URI);
  });

  it("answers HEAD without a look at the application", async () => {
    const { login, calls } = createAuthkit();
    const authenticate = vi.fn(() => ADA);
    const handler = loginRoute(login, { signInUrl: "/sign-in", authenticate });
    const response = await handler(new Request(LOGIN_URI, { method: "HEAD" }));
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });

  it("is told wrong options when it is made", async () => {
    const { login } = createAuthkit();
    const options = { signInUrl: "sign-in", authenticate: () => null };
    const error = await caught(() => loginRoute(login, options as LoginRouteOptions<Request>));
    expect(error.code).toBe("invalid_config");
  });
});

const withoutScope = await signToken();

describe("requireToken", () => {
  const get = (authorization?: string) =>
    new Request("https://api.example.com/", {
      headers: authorization === undefined ? {} : { authorization },
    });

  it("gives the handler the request, the verified token and what the platform adds", async () => {
    const handler = vi.fn((_request: Request, _token: AccessToken, _env: { DB: string }, _ctx: symbol) => {
      return new Response("hello");
    });
    const protect = requireToken(createTestVerifier(), { scopes: ["read"] }, handler);
    const request = get(`Bearer ${await signToken({ scope: "read" })}`);
    const ctx = Symbol("ctx");
    expect(await (await protect(request, { DB: "db" }, ctx)).text()).toBe("hello");
    expect(handler.mock.calls).toEqual([
      [request, expect.objectContaining({ subject: SUBJECT }), { DB: "db" }, ctx],
    ]);
    expect(handler.mock.calls[0]?.[0]).toBe(request);
  });

  it.each([
    ["no token", undefined, 401, "Bearer"],
    ["a malformed header", "Bearer a, Bearer b", 400, 'Bearer error="invalid_request"'],
    ["a bad token", "Bearer x", 401, 'Bearer error="invalid_token"'],
    ["a token without the scope", `Bearer ${withoutScope}`, 403, 'Bearer error="insufficient_scope"'],
  ])("answers in the handler's place: %s", async (_, authorization, status, challenge) => {
    const handler = vi.fn(() => new Response("hello"));
    const protect = requireToken(createTestVerifier(), { scopes: ["read"] }, handler);
    const response = await protect(get(authorization));
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toMatch(new RegExp(`^${challenge}`));
    expect(handler).not.toHaveBeenCalled();
  });

  it("answers 503 without a challenge where the keys can't be had", async () => {
    const handler = vi.fn(() => new Response("hello"));
    const verifier = createTestVerifier({ fetch: async () => new Response(null, { status: 500 }) });
    const response = await requireToken(verifier, {}, handler)(get(`Bearer ${await signToken()}`));
    expect(response.status).toBe(503);
    expect(response.headers.has("www-authenticate")).toBe(false);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(handler).not.toHaveBeenCalled();
  });

  it("lets through what the handler throws", async () => {
    const thrown = new Error("database down");
    const protect = requireToken(createTestVerifier(), {}, () => Promise.reject(thrown));
    await expect(protect(get(`Bearer ${await signToken()}`))).rejects.toBe(thrown);
  });

  it("is told wrong scopes when it is made", async () => {
    const error = await caught(() =>
      requireToken(createTestVerifier(), { scopes: ["a b"] }, () => new Response()),
    );
    expect(error).toMatchObject({ code: "invalid_config", reason: expect.stringMatching(/^scopes: /) });
  });
});
