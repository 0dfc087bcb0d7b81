import { describe, expect, it } from "vitest";
import {
  ConnectError,
  type ConnectErrorDetails,
  ERRORS,
  type ErrorCode,
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

  it("says which method is allowed, where another was used", () => {
    expect(failure("method_not_allowed").headers).toMatchObject({ allow: "GET" });
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
