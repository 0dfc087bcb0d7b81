import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import {
  ConnectError,
  type ConnectErrorDetails,
  ERRORS,
  type ErrorCode,
  type LoginConfirmation,
  type LoginOutcome,
  toReply,
  toResponse,
} from "../src/index.js";

const HANDOFF = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
};

const LOGIN_CODES = [
  "invalid_config",
  "invalid_external_auth_id",
  "method_not_allowed",
  "access_denied",
  "external_auth_id_not_found",
  "external_auth_session_already_completed",
  "invalid_email",
  "email_not_available",
  "email_change_not_allowed",
  "user_consent_options_not_supported",
  "invalid_user",
  "invalid_user_consent_options",
  "unauthorized_api_key",
  "untrusted_redirect_uri",
  "invalid_authkit_response",
  "rate_limited",
  "authkit_unavailable",
  "completion_outcome_unknown",
] as const satisfies readonly ErrorCode[];

const failure = (code: ErrorCode, details?: ConnectErrorDetails) =>
  toReply({ type: "failure", error: new ConnectError(code, details) });

const CONFIRMATION: LoginConfirmation = {
  type: "confirmation",
  user: { name: "Ada Lovelace", email: "ada@example.com" },
  form: { action: "/auth/login?external_auth_id=a", proof: "p" },
  html: undefined,
};

const COOKIES = [
  { name: "__Host-connect-login.1", value: "sealed", maxAge: 600 },
  { name: "__Host-connect-login.2", value: "", maxAge: 0 },
];

const COOKIE_HEADERS = [
  "__Host-connect-login.1=sealed; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax",
  "__Host-connect-login.2=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
];

/** Every kind of answer to a person. */
const HANDOFF_OUTCOMES: ReadonlyArray<[what: string, outcome: LoginOutcome]> = [
  ["a redirect", { type: "redirect", to: "authkit", location: "https://auth.example.com/x" }],
  [
    "a fallback",
    { type: "redirect", to: "fallback", location: "/", error: new ConnectError("access_denied") },
  ],
  ["a question", CONFIRMATION],
  ["the application's own question", { ...CONFIRMATION, html: "<!doctype html><title>Well?</title>" }],
  ...LOGIN_CODES.map((code): [string, LoginOutcome] => [
    `a failure, ${code}`,
    { type: "failure", error: new ConnectError(code) },
  ]),
];

describe.each(HANDOFF_OUTCOMES)("the answer to a person: %s", (_, outcome) => {
  it("is kept by nobody, not indexed, and its address is not passed on", () => {
    expect(toReply(outcome).headers).toMatchObject(HANDOFF);
  });

  it("sets the cookies of the login, and none where there are none", () => {
    expect(toReply(outcome)).not.toHaveProperty("cookies");
    const reply = toReply({ ...outcome, cookies: COOKIES });
    expect(reply).toEqual({ ...toReply(outcome), cookies: COOKIE_HEADERS });
    expect(toResponse(reply).headers.getSetCookie()).toEqual(COOKIE_HEADERS);
  });

  it("is shown in no frame, and has no base but its own address", () => {
    const { headers, body } = toReply(outcome);
    if (body === null) return;
    expect(headers["content-security-policy"]).toMatch(/(^|; )frame-ancestors 'none'(;|$)/);
    expect(headers["content-security-policy"]).toMatch(/(^|; )base-uri 'none'(;|$)/);
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  });
});

/** The pages of the SDK's own. */
const PAGES = HANDOFF_OUTCOMES.filter(
  ([, outcome]) => outcome.type !== "redirect" && !("html" in outcome && outcome.html),
);

describe.each(PAGES)("the page for %s", (_, outcome) => {
  const page = parse(toReply(outcome).body ?? "");
  it("can be read by everybody: language, title, one heading, on a phone as well", () => {
    expect(page.querySelector("html")?.getAttribute("lang")).toBe("en");
    expect(page.querySelector("meta[charset]")?.getAttribute("charset")).toBe("utf-8");
    expect(page.querySelector('meta[name="viewport"]')?.getAttribute("content")).toContain(
      "width=device-width",
    );
    const [title = "", ...headings] = page.querySelectorAll("title, h1").map(({ text }) => text);
    expect(title).toMatch(/^[A-Z].+/);
    expect(headings).toEqual([title]);
    expect(page.querySelectorAll("main")).toHaveLength(1);
    expect(page.querySelector("main h1")).not.toBeNull();
    for (const button of page.querySelectorAll("button")) expect(button.text).toMatch(/^[A-Z].+/);
  });

  it("runs nothing and loads nothing, and its policy allows nothing", () => {
    const { headers } = toReply(outcome);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; /);
    expect(page.querySelectorAll("script, link, img, iframe, object, embed, base, a")).toEqual([]);
    const attributes = page.querySelectorAll("*").flatMap((element) => Object.keys(element.attributes));
    expect(attributes.filter((name) => /^on|^src|^href|^style$/.test(name))).toEqual([]);
  });
});

describe("the answer to a question", () => {
  it("says where its form comes from, to this site alone", () => {
    const page = parse(toReply(CONFIRMATION).body ?? "");
    expect(page.querySelector('meta[name="referrer"]')?.getAttribute("content")).toBe("same-origin");
  });

  it("may be followed to any client: no policy on where a form leads", () => {
    for (const html of [undefined, "<!doctype html>"]) {
      expect(toReply({ ...CONFIRMATION, html }).headers["content-security-policy"]).not.toContain(
        "form-action",
      );
    }
  });

  it("is the application's page as it is, which may load what it needs", () => {
    const html = '<!doctype html><script src="/app.js"></script>';
    expect(toReply({ ...CONFIRMATION, html })).toStrictEqual({
      status: 200,
      headers: {
        ...HANDOFF,
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "base-uri 'none'; frame-ancestors 'none'",
        "x-frame-options": "DENY",
      },
      body: html,
    });
  });
});

describe("the answer to a redirect", () => {
  it.each<[LoginOutcome & { type: "redirect" }]>([
    [{ type: "redirect", to: "authkit", location: "https://auth.example.com/x" }],
    [{ type: "redirect", to: "sign-in", location: "/sign-in?return_to=%2Fx" }],
    [{ type: "redirect", to: "detour", location: "/onboarding" }],
    [{ type: "redirect", to: "fallback", location: "/home", error: new ConnectError("invalid_user") }],
  ])("is 303 and kept by nobody: %j", (outcome) => {
    expect(toReply(outcome)).toStrictEqual({
      status: 303,
      headers: { ...HANDOFF, location: outcome.location },
      body: null,
    });
  });
});

describe("the answer to a failure", () => {
  it.each(LOGIN_CODES)("is a page with the status of %s, kept by nobody", (code) => {
    const { status, headers, body } = failure(code, { reason: "s3cr3t" });
    expect(status).toBe(ERRORS[code].status);
    expect(headers).toMatchObject({
      ...HANDOFF,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    });
    expect(headers).not.toHaveProperty("location");
    expect(headers).not.toHaveProperty("www-authenticate");
    // For the person, not for who attacks: nothing that tells one failure from another.
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(body).not.toContain(code);
    expect(body).not.toContain(ERRORS[code].message);
    expect(body).not.toContain("s3cr3t");
    expect(body).not.toMatch(/<script|https?:|src=|href=/);
  });

  it("says to wait where waiting helps, and to start again where it doesn't", () => {
    for (const code of LOGIN_CODES) {
      const { body } = failure(code);
      const advice =
        code === "access_denied"
          ? "close this page"
          : new ConnectError(code).retryable
            ? "Please wait a moment"
            : "start again";
      expect(body).toContain(advice);
    }
  });

  it("says which methods are allowed, where another was used", () => {
    const error = new ConnectError("method_not_allowed");
    expect(toReply({ type: "failure", error, allow: "GET, POST" }).headers).toMatchObject({
      allow: "GET, POST",
    });
    expect(failure("invalid_external_auth_id").headers).not.toHaveProperty("allow");
  });

  it.each([
    [7, "7"],
    [0, "0"],
  ])("says when to come back, where AuthKit did: %i", (retryAfter, value) => {
    expect(failure("rate_limited", { retryAfter }).headers).toMatchObject({ "retry-after": value });
    expect(failure("authkit_unavailable", { retryAfter }).headers).toMatchObject({ "retry-after": value });
  });

  it("does not guess when to come back", () => {
    expect(failure("rate_limited").headers).not.toHaveProperty("retry-after");
  });
});

describe("the answer to a refused token", () => {
  it.each([
    ["missing_token", 401],
    ["invalid_request", 400],
    ["invalid_token", 401],
    ["insufficient_scope", 403],
  ] as const)("%s is %i with the challenge, in JSON, without the reason", (code, status) => {
    const error = new ConnectError(code, { reason: "s3cr3t" });
    const reply = toReply({ type: "challenge", error, challenge: "Bearer x" });
    expect(reply).toStrictEqual({
      status,
      headers: {
        "cache-control": "no-store",
        "content-type": "application/json; charset=utf-8",
        "www-authenticate": "Bearer x",
      },
      body: JSON.stringify({ error: code, error_description: ERRORS[code].message }),
    });
  });
});

describe("the answer where the token could not be checked", () => {
  it.each([
    [undefined, "5"],
    [7, "7"],
    [0, "0"],
  ])("is 503 without a challenge, and says when to come back: %s", (retryAfter, value) => {
    const error = new ConnectError("jwks_unavailable", { reason: "s3cr3t", retryAfter });
    expect(toReply({ type: "unavailable", error })).toStrictEqual({
      status: 503,
      headers: {
        "cache-control": "no-store",
        "content-type": "application/json; charset=utf-8",
        "retry-after": value,
      },
      body: JSON.stringify({
        error: "jwks_unavailable",
        error_description: ERRORS.jwks_unavailable.message,
      }),
    });
  });
});

describe("the web response for a reply", () => {
  it("is the reply", async () => {
    const reply = failure("method_not_allowed");
    const response = toResponse(reply);
    expect(response).toBeInstanceOf(Response);
    expect(response.status).toBe(405);
    expect(Object.fromEntries(response.headers)).toEqual(reply.headers);
    expect(await response.text()).toBe(reply.body);
  });

  it("has no body where the reply has none", () => {
    const response = toResponse(toReply({ type: "redirect", to: "detour", location: "/x" }));
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/x");
    expect(response.body).toBeNull();
  });
});
