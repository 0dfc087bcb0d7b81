import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Authentication,
  ConnectError,
  createLogin,
  type LoginOptions,
  type LoginOutcome,
} from "../src/index.js";
import { ADA, API_KEY, AUTHKIT_URL, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { request } from "./support/requests.js";

const LOGIN_URI = "https://app.example.com/auth/login?external_auth_id=a";
const SIGN_IN: LoginOptions = { signInUrl: "/sign-in" };

function locationOf(outcome: LoginOutcome): string {
  if (outcome.type !== "redirect") throw new Error(`not a redirect: ${inspect(outcome)}`);
  return outcome.location;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a user who is signed in", () => {
  it.each<[what: string, authenticate: () => Authentication | Promise<Authentication>]>([
    ["at once", () => ADA],
    ["as a promise", async () => ADA],
  ])("goes on to AuthKit, told %s", async (_, authenticate) => {
    const { login, calls } = createAuthkit();
    const outcome = await login.handle(request(LOGIN_URI), authenticate, SIGN_IN);
    expect(outcome).toEqual({ type: "redirect", to: "authkit", location: REDIRECT_URI });
    expect(calls).toMatchObject([{ body: { external_auth_id: "a", user: ADA.user } }]);
  });

  it("is asked about with the id and the way back", async () => {
    const { login } = createAuthkit();
    const authenticate = vi.fn(() => null);
    await login.handle(request(LOGIN_URI), authenticate, SIGN_IN);
    expect(authenticate.mock.calls).toEqual([
      [{ externalAuthId: "a", returnTo: "/auth/login?external_auth_id=a" }],
    ]);
  });

  it("can be told of without the Login URI", async () => {
    const { login } = createAuthkit();
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
  });
});

describe("anything but a person's own navigation", () => {
  const refused: ReadonlyArray<[what: string, init: Parameters<typeof request>[1], reason: string]> = [
    ...["HEAD", "POST", "OPTIONS", "PUT", "TRACE", "get", ""].map(
      (method): [string, { method: string }, string] => [`method "${method}"`, { method }, "method"],
    ),
    ...[
      ["sec-purpose", "prefetch"],
      ["sec-purpose", "prefetch;prerender"],
      ["sec-purpose", "prefetch;anonymous-client-ip"],
      ["sec-purpose", "prerender"],
      ["purpose", "prefetch"],
      ["purpose", "preview"],
      ["x-purpose", "preview"],
      ["X-Purpose", "Preview"],
      ["x-moz", "prefetch"],
      ["Sec-Purpose", "PREFETCH"],
      ["next-router-prefetch", "1"],
    ].map(([name = "", value = ""]): [string, { headers: Record<string, string> }, string] => [
      `${name}: ${value}`,
      { headers: { [name]: value } },
      "prefetch",
    ]),
    ...["iframe", "frame", "image", "script", "object", "embed", "empty", "fencedframe"].map(
      (destination): [string, { headers: Record<string, string> }, string] => [
        `sec-fetch-dest: ${destination}`,
        { headers: { "sec-fetch-dest": destination } },
        "embedded",
      ],
    ),
    ["a WebSocket's handshake", { headers: { "sec-websocket-key": "CxfCJ4t1fiEAjU62XGU8tw==" } }, "embedded"],
  ];

  it.each(refused)("spends nothing: %s", async (_, init, reason) => {
    const { login, calls } = createAuthkit();
    const authenticate = vi.fn(() => ADA);
    const onError = vi.fn();
    const options = { ...SIGN_IN, fallbackUrl: "/home", onError };
    const outcome = await login.handle(request(LOGIN_URI, init), authenticate, options);
    expect(outcome).toMatchObject({ type: "failure", error: { code: "method_not_allowed", reason } });
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["without fetch metadata", {}],
    ["to a document", { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" }],
    ["from another site", { "sec-fetch-dest": "document", "sec-fetch-site": "cross-site" }],
  ])("is not: a navigation %s", async (_, headers) => {
    const { login } = createAuthkit();
    const outcome = await login.handle(request(LOGIN_URI, { headers }), () => ADA, SIGN_IN);
    expect(outcome).toMatchObject({ type: "redirect", to: "authkit" });
  });
});

describe("a user who is not signed in", () => {
  const BACK = "return_to=%2Fauth%2Flogin%3Fexternal_auth_id%3Da";

  it.each<[signInUrl: LoginOptions["signInUrl"], location: string]>([
    ["/sign-in", `/sign-in?${BACK}`],
    ["/sign-in?theme=dark", `/sign-in?theme=dark&${BACK}`],
    ["/sign-in#form", `/sign-in?${BACK}#form`],
    ["/sign-in?theme=dark#form", `/sign-in?theme=dark&${BACK}#form`],
    ["/", `/?${BACK}`],
    ["https://id.example.com/in", `https://id.example.com/in?${BACK}`],
    ["https://id.example.com", `https://id.example.com/?${BACK}`],
    ["http://localhost:3000/in", `http://localhost:3000/in?${BACK}`],
    [(returnTo) => `/in?next=${encodeURIComponent(returnTo)}`, `/in?${BACK.replace("return_to", "next")}`],
    [(returnTo) => returnTo, "/auth/login?external_auth_id=a"],
    [() => "https://id.example.com", "https://id.example.com/"],
    [() => "/日", "/%E6%97%A5"],
  ])("goes to the sign-in page: %s", async (signInUrl, location) => {
    for (const nobody of [null, undefined]) {
      const { login, calls } = createAuthkit();
      const outcome = await login.handle(request(LOGIN_URI), () => nobody, { signInUrl });
      expect(outcome).toEqual({ type: "redirect", to: "sign-in", location });
      expect(calls).toEqual([]);
    }
  });

  it.each([
    ["https://app.example.com/auth/login?external_auth_id=a", "/auth/login?external_auth_id=a"],
    ["/auth/login?external_auth_id=a", "/auth/login?external_auth_id=a"],
    ["/auth/login?x=1&external_auth_id=a#y", "/auth/login?external_auth_id=a"],
    ["/a%20b/l%C3%B6gin?external_auth_id=a", "/a%20b/l%C3%B6gin?external_auth_id=a"],
    ["/auth/login?external_auth_id=a%26b%3Dc%25", "/auth/login?external_auth_id=a%26b%3Dc%25"],
    ["http://host//evil.example/x?external_auth_id=a", "/evil.example/x?external_auth_id=a"],
    ["http://host////evil.example/x?external_auth_id=a", "/evil.example/x?external_auth_id=a"],
    ["http://host/\\evil.example/x?external_auth_id=a", "/evil.example/x?external_auth_id=a"],
    ["http://host/.//evil.example/x?external_auth_id=a", "/evil.example/x?external_auth_id=a"],
  ])("gets a way back that is this login's path: %s", async (url, returnTo) => {
    const { login } = createAuthkit();
    const signInUrl = vi.fn((_: string) => "/sign-in");
    await login.handle(request(url), () => null, { signInUrl });
    expect(signInUrl.mock.calls).toEqual([[returnTo]]);
  });

  it.each([
    "//evil.example?external_auth_id=a",
    "//evil.example/x?external_auth_id=a",
    "///evil.example/x?external_auth_id=a",
    "/\\evil.example?external_auth_id=a",
    "\\\\evil.example?external_auth_id=a",
    "/\t/evil.example?external_auth_id=a",
    "/.//evil.example?external_auth_id=a",
    "/..//evil.example?external_auth_id=a",
    "/%2F/evil.example?external_auth_id=a",
    "https://evil.example?external_auth_id=a",
    "https:evil.example?external_auth_id=a",
    "javascript:alert(1)?external_auth_id=a",
    "//?external_auth_id=a",
    "//:x?external_auth_id=a",
    "//a b?external_auth_id=a",
    "http://?external_auth_id=a",
    "http://[?external_auth_id=a",
    "*?external_auth_id=a",
    "?external_auth_id=a",
    "evil.example:443?external_auth_id=a",
    "odd:/\\evil.example?external_auth_id=a",
    "odd:/\\/\\evil.example?external_auth_id=a",
  ])("gets a way back on this site, however odd the request line: %j", async (url) => {
    const { login } = createAuthkit();
    const signInUrl = vi.fn((returnTo: string) => returnTo);
    const outcome = await login.handle({ method: "GET", url, headers: new Headers() }, () => null, {
      signInUrl,
    });
    const [returnTo = ""] = signInUrl.mock.calls[0] ?? [];
    expect(returnTo).toMatch(/^\/(?![/\\])/);
    const { origin, search } = new URL(returnTo, "https://app.example.com");
    expect({ origin, search }).toEqual({ origin: "https://app.example.com", search: "?external_auth_id=a" });
    expect(locationOf(outcome)).toBe(returnTo);
  });

  it.each([
    ["undefined", () => undefined],
    ["a number", () => 5],
    ["a promise", async () => "/sign-in"],
    ["an empty string", () => ""],
    ["a relative address", () => "sign-in"],
    ["another host without a scheme", () => "//evil.example/s3cr3t"],
    ["javascript:", () => "javascript:s3cr3t"],
    ["plain http", () => "http://evil.example/s3cr3t"],
  ])("is not sent anywhere by a function that returns %s", async (_, signInUrl) => {
    const { login } = createAuthkit();
    const options = { signInUrl: signInUrl as () => string };
    const outcome = await login.handle(request(LOGIN_URI), () => null, options);
    expect(outcome).toMatchObject({
      type: "failure",
      error: { code: "invalid_config", reason: "signInUrl: must be a path or an https URL" },
    });
    expect(everythingSaidBy(outcome)).not.toContain("s3cr3t");
  });
});

describe("a detour", () => {
  it.each([
    ["/onboarding", "/onboarding"],
    ["/onboarding?step=1#top", "/onboarding?step=1#top"],
    ["https://other.example/x", "https://other.example/x"],
    ["https://other.example", "https://other.example/"],
    ["http://localhost:3000/x", "http://localhost:3000/x"],
    ["http://127.0.0.1:3000/x", "http://127.0.0.1:3000/x"],
    ["http://[::1]:3000/x", "http://[::1]:3000/x"],
    ["/a\\b", "/a/b"],
    ["/a\r\nSet-Cookie: x", "/aSet-Cookie:%20x"],
    ["/zurück", "/zur%C3%BCck"],
  ])("is made to %j", async (redirectTo, location) => {
    const { login, calls } = createAuthkit();
    const outcome = await login.handle(request(LOGIN_URI), () => ({ redirectTo }), SIGN_IN);
    expect(outcome).toEqual({ type: "redirect", to: "detour", location });
    expect(calls).toEqual([]);
  });

  it.each([
    "//evil.example/s3cr3t",
    "/\\evil.example/s3cr3t",
    "/\t/evil.example/s3cr3t",
    "\\\\evil.example/s3cr3t",
    "/.//evil.example/s3cr3t",
    "/x/..//evil.example/s3cr3t",
    "/%2e//evil.example/s3cr3t",
    "javascript:alert('s3cr3t')",
    "data:text/html,s3cr3t",
    "blob:https://other.example/s3cr3t",
    "http://other.example/s3cr3t",
    "http://127.0.0.1.evil.example/s3cr3t",
    "http://localhost.evil.example/s3cr3t",
    "ftp://other.example/s3cr3t",
    "https://user:s3cr3t@other.example/",
    "s3cr3t",
    "./s3cr3t",
    "",
    undefined,
    null,
    5,
    ["/s3cr3t"],
    { href: "/s3cr3t" },
  ])("is not made to %j", async (redirectTo) => {
    const { login, calls } = createAuthkit();
    const answer = { redirectTo } as { redirectTo: string };
    const outcome = await login.handle(request(LOGIN_URI), () => answer, SIGN_IN);
    expect(outcome).toMatchObject({
      type: "failure",
      error: { code: "invalid_config", reason: "redirectTo: must be a path or an https URL" },
    });
    expect(everythingSaidBy(outcome)).not.toContain("s3cr3t");
    expect(calls).toEqual([]);
  });
});

describe("what the application does wrong", () => {
  it.each([
    ["x"],
    [5],
    [true],
    [false],
    [0],
    [""],
    [{}],
    [[]],
    [{ user: null }],
    [{ user: {} }],
    [() => ADA],
  ])("is a failure of the login where authenticate answers %j", async (answer) => {
    for (const fallbackUrl of [undefined, "/home"]) {
      const { login, calls } = createAuthkit();
      const authenticate = () => answer as unknown as Authentication;
      const outcome = await login.handle(request(LOGIN_URI), authenticate, { ...SIGN_IN, fallbackUrl });
      expect(outcome).toMatchObject({
        ...(fallbackUrl ? { type: "redirect", to: "fallback", location: "/home" } : { type: "failure" }),
        error: { code: "invalid_user" },
      });
      expect(calls).toEqual([]);
    }
  });

  it.each([
    ["an Error", new Error("database down")],
    ["a ConnectError", new ConnectError("invalid_token")],
    ["a string", "thrown"],
    ["undefined", undefined],
    ["a Response, as some frameworks do", new Response(null, { status: 302 })],
  ])("passes untouched where authenticate throws %s", async (_, thrown) => {
    const { login } = createAuthkit();
    const onError = vi.fn();
    for (const authenticate of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const options = { ...SIGN_IN, fallbackUrl: "/home", onError };
      const result = await login.handle(request(LOGIN_URI), authenticate, options).then(
        () => "answered",
        (error: unknown) => ({ error }),
      );
      expect(result).toEqual({ error: thrown });
      expect((result as { error: unknown }).error).toBe(thrown);
    }
    expect(onError).not.toHaveBeenCalled();
  });

  it("passes untouched where the signInUrl function throws", async () => {
    const { login } = createAuthkit();
    const thrown = new Error("no such page");
    const signInUrl = () => {
      throw thrown;
    };
    await expect(login.handle(request(LOGIN_URI), () => null, { signInUrl })).rejects.toBe(thrown);
  });
});

describe("a failure of the completion", () => {
  const refuse = (code: string) => () => Response.json({ code }, { status: 400 });

  it("goes to the fallback page, with the error", async () => {
    const { login } = createAuthkit(refuse("email_not_available"));
    const outcome = await login.handle(request(LOGIN_URI), () => ADA, {
      ...SIGN_IN,
      fallbackUrl: "/home?x=1",
    });
    expect(outcome).toMatchObject({
      type: "redirect",
      to: "fallback",
      location: "/home?x=1",
      error: { code: "email_not_available" },
    });
  });

  it.each([
    ["https://www.example.com", "https://www.example.com/"],
    ["/家", "/%E5%AE%B6"],
    ["/a\r\nSet-Cookie: x", "/aSet-Cookie:%20x"],
  ])("sends what a URL parser makes of the fallback page: %j", async (fallbackUrl, location) => {
    const { login } = createAuthkit(refuse("email_not_available"));
    const outcome = await login.handle(request(LOGIN_URI), () => ADA, { ...SIGN_IN, fallbackUrl });
    expect(locationOf(outcome)).toBe(location);
  });

  it("is a page that says what to do where nobody knows what became of the login", async () => {
    const { login } = createAuthkit(() => Response.json({}, { status: 500 }));
    const outcome = await login.handle(request(LOGIN_URI), () => ADA, { ...SIGN_IN, fallbackUrl: "/home" });
    expect(outcome).toMatchObject({ type: "failure", error: { code: "completion_outcome_unknown" } });
  });

  it("is a failure where there is no fallback page", async () => {
    const { login } = createAuthkit(refuse("email_not_available"));
    const outcome = await login.handle(request(LOGIN_URI), () => ADA, SIGN_IN);
    expect(outcome).toMatchObject({ type: "failure", error: { code: "email_not_available" } });
  });
});

describe("onError", () => {
  it.each<[code: string, init: Parameters<typeof request>[1], url: string, answer: unknown, status: number]>([
    ["method_not_allowed", { method: "HEAD" }, LOGIN_URI, ADA, 200],
    ["invalid_external_auth_id", {}, "/auth/login", ADA, 200],
    ["invalid_user", {}, LOGIN_URI, {}, 200],
    ["invalid_config", {}, LOGIN_URI, { redirectTo: "//evil.example" }, 200],
    ["invalid_authkit_response", {}, LOGIN_URI, ADA, 200],
    ["external_auth_id_not_found", {}, LOGIN_URI, ADA, 404],
    ["unauthorized_api_key", {}, LOGIN_URI, ADA, 401],
    ["authkit_unavailable", {}, LOGIN_URI, ADA, 503],
    ["completion_outcome_unknown", {}, LOGIN_URI, ADA, 500],
  ])("is told of %s, and awaited before the browser is answered", async (code, init, url, answer, status) => {
    const { login } = createAuthkit(() => Response.json({}, { status }));
    const told: unknown[] = [];
    const onError = async (error: ConnectError) => {
      await Promise.resolve();
      told.push(error);
    };
    const outcome = await login.handle(request(url, init), () => answer as Authentication, {
      ...SIGN_IN,
      onError,
    });
    if (outcome.type !== "failure") throw new Error("not a failure");
    expect(outcome.error.code).toBe(code);
    expect(told).toEqual([outcome.error]);
    expect(told[0]).toBe(outcome.error);
  });

  it("is not called where nothing failed", async () => {
    const onError = vi.fn();
    const { login } = createAuthkit();
    for (const answer of [ADA, null, { redirectTo: "/x" }]) {
      await login.handle(request(LOGIN_URI), () => answer, { ...SIGN_IN, onError });
    }
    expect(onError).not.toHaveBeenCalled();
  });

  it.each([
    [
      "throws",
      (thrown: Error) => () => {
        throw thrown;
      },
    ],
    ["rejects", (thrown: Error) => () => Promise.reject(thrown)],
  ])("reaches the framework with what it %s itself", async (_, onErrorWith) => {
    const { login } = createAuthkit(() => new Response(null, { status: 500 }));
    const thrown = new Error("logger down");
    const onError = onErrorWith(thrown);
    for (const url of [LOGIN_URI, "/auth/login"]) {
      const outcome = login.handle(request(url), () => ADA, { ...SIGN_IN, fallbackUrl: "/home", onError });
      await expect(outcome).rejects.toBe(thrown);
    }
  });
});

describe("the API key", () => {
  it("is not readable from the login", () => {
    const { login } = createAuthkit();
    expect(everythingSaidBy(login)).not.toContain(API_KEY);
  });

  it.each([
    ["a refusal", () => Response.json({ message: API_KEY }, { status: 401 })],
    ["an outage", () => new Response(API_KEY, { status: 500 })],
    ["an answer that is none", () => Response.json({ redirect_uri: API_KEY })],
    ["a foreign redirect_uri", () => Response.json({ redirect_uri: `https://evil.example/${API_KEY}` })],
    ["a rate limit", () => new Response(API_KEY, { status: 429, headers: { "retry-after": API_KEY } })],
    [
      "a fetch that throws it",
      () => {
        throw Object.assign(new Error(API_KEY), { cause: API_KEY, headers: { authorization: API_KEY } });
      },
    ],
    ["a fetch that returns rubbish", () => ({ key: API_KEY }) as unknown as Response],
  ])("is not in the error: %s", async (_, answer) => {
    const { login } = createAuthkit(answer);
    const error = await caught(() => login.complete("a", ADA));
    expect(everythingSaidBy(error)).not.toContain(API_KEY);
    expect(error.cause).toBeUndefined();
    for (const fallbackUrl of [undefined, "/home"]) {
      const outcome = await login.handle(request(LOGIN_URI), () => ADA, { ...SIGN_IN, fallbackUrl });
      expect(everythingSaidBy(outcome)).not.toContain(API_KEY);
    }
  });

  it("is sent to apiUrl and nowhere else, in one header and once", async () => {
    const { login, calls } = createAuthkit(undefined, { apiUrl: "https://api.example.com" });
    for (const answer of [null, { redirectTo: "/x" }, {}, ADA]) {
      await login.handle(request(LOGIN_URI), () => answer as Authentication, SIGN_IN);
    }
    await login.handle(request(LOGIN_URI, { method: "HEAD" }), () => ADA, SIGN_IN);
    expect(calls.map(({ url }) => new URL(url).origin)).toEqual(["https://api.example.com"]);
    expect(inspect(calls, { depth: 10 }).split(API_KEY)).toHaveLength(2);
  });
});

describe("the global fetch", () => {
  it("is looked up when it is needed, not when the login is made", async () => {
    const login = createLogin({ apiKey: API_KEY, authkitUrl: AUTHKIT_URL });
    const fetch = vi.fn(async () => Response.json({ redirect_uri: REDIRECT_URI }));
    vi.stubGlobal("fetch", fetch);
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
