import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { ConnectError, createVerifier, ERRORS, type ErrorCode, isConnectError } from "../src/index.js";
import { caught } from "./support/errors.js";

const CODES = Object.keys(ERRORS) as ErrorCode[];

describe("the table of codes", () => {
  it.each(CODES)("%s has a status, a message and a word on trying again", (code) => {
    const { status, message } = ERRORS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    // "Not now" is 503, and nothing else is.
    expect(new ConnectError(code).retryable).toBe(status === 503);
    // A message stands in a quoted string of WWW-Authenticate (RFC 6750 section 3).
    expect(message).toMatch(/^[A-Z][\x20-\x21\x23-\x5b\x5d-\x7e]+\.$/);
  });

  it("has no message twice", () => {
    expect(new Set(CODES.map((code) => ERRORS[code].message)).size).toBe(CODES.length);
  });

  it("holds these codes and statuses, which applications rely on", () => {
    expect(Object.fromEntries(CODES.map((code) => [code, ERRORS[code].status]))).toEqual({
      invalid_config: 500,
      invalid_external_auth_id: 400,
      method_not_allowed: 405,
      access_denied: 403,
      external_auth_id_not_found: 404,
      external_auth_session_already_completed: 409,
      invalid_email: 422,
      email_not_available: 409,
      email_change_not_allowed: 409,
      user_consent_options_not_supported: 500,
      invalid_user: 500,
      invalid_user_consent_options: 500,
      unauthorized_api_key: 500,
      untrusted_redirect_uri: 502,
      invalid_authkit_response: 502,
      rate_limited: 503,
      authkit_unavailable: 503,
      completion_outcome_unknown: 502,
      missing_token: 401,
      invalid_request: 400,
      invalid_token: 401,
      insufficient_scope: 403,
      jwks_unavailable: 503,
      introspection_unavailable: 503,
      deny_list_unavailable: 503,
      metadata_unavailable: 503,
    });
  });
});

describe("a ConnectError", () => {
  it.each(CODES)("of %s is an Error with the row of its code", (code) => {
    const error = new ConnectError(code);
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, message: error.message, cause: error.cause }).toEqual({
      name: "ConnectError",
      code,
      ...ERRORS[code],
      retryable: ERRORS[code].status === 503,
      reason: undefined,
      expected: undefined,
      retryAfter: undefined,
      cause: undefined,
    });
  });

  it("says its reason in the message", () => {
    const error = new ConnectError("invalid_token", { reason: "expired", retryAfter: 7 });
    expect(error).toMatchObject({ reason: "expired", retryAfter: 7 });
    expect(error.message).toBe(`${ERRORS.invalid_token.message} (expired)`);
    expect(String(error)).toBe(`ConnectError: ${error.message}`);
  });

  it("describes itself to a client without what is for logs alone", () => {
    const error = new ConnectError("invalid_token", { reason: "aud", expected: "client_1" });
    expect(error.description).toBe(ERRORS.invalid_token.message);
    expect(Object.keys(error)).not.toContain("description");
  });

  it("is the same to instanceof and in a log whoever made it", async () => {
    const error = await caught(() => createVerifier({ issuer: "x", audience: "y" }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(inspect(error)).toMatch(/^ConnectError: The configuration is not valid\. \(issuer: /);
    expect(inspect(new ConnectError("rate_limited"))).toMatch(/^ConnectError: AuthKit limits requests\./);
    expect({}).not.toBeInstanceOf(ConnectError);
  });

  it("of a faulty configuration says where in the program that is, and one of a bad token does not look for it", async () => {
    const faulty = await caught(() => createVerifier({ issuer: "x", audience: "y" }));
    expect(faulty).toMatchObject({ stack: expect.stringContaining("errors.test.ts") });
    const verifier = createVerifier({ issuer: "https://example.authkit.app", audience: "y" });
    for (const token of ["x", `${btoa("{").replaceAll("=", "")}.e30.AA`]) {
      const bad = await caught(() => verifier.verify(token));
      expect(bad.stack).toBe(`ConnectError: ${bad.message}`);
    }
  });

  it("of a bad token leaves the stacks of all others as they are", async () => {
    const verifier = createVerifier({ issuer: "https://example.authkit.app", audience: "y" });
    const { stackTraceLimit } = Error;
    await caught(() => verifier.verify("x"));
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    expect(new Error("another").stack).toContain("errors.test.ts");
  });

  it("of a bad token is made where built-in objects are frozen, too", async () => {
    const verifier = createVerifier({ issuer: "https://example.authkit.app", audience: "y" });
    const { stackTraceLimit } = Error;
    const limit = { configurable: true, writable: false, value: stackTraceLimit };
    Object.defineProperty(Error, "stackTraceLimit", limit);
    try {
      expect(await caught(() => verifier.verify("x"))).toMatchObject({ reason: "malformed" });
    } finally {
      Object.defineProperty(Error, "stackTraceLimit", { ...limit, writable: true });
    }
  });

  it("says what the configuration expected, where that helps", () => {
    const error = new ConnectError("invalid_token", { reason: "aud", expected: "client_1" });
    expect(error).toMatchObject({ reason: "aud", expected: "client_1" });
    expect(error.message).toBe(`${ERRORS.invalid_token.message} (aud, expected client_1)`);
  });

  it("says in JSON what an application logs", () => {
    const error = new ConnectError("rate_limited", { retryAfter: 7 });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "ConnectError",
      code: "rate_limited",
      status: 503,
      retryable: true,
      retryAfter: 7,
    });
  });
});

describe("isConnectError", () => {
  it("knows an error of ours, and its code", () => {
    const error = new ConnectError("invalid_token");
    expect(isConnectError(error)).toBe(true);
    expect(isConnectError(error, "invalid_token")).toBe(true);
    expect(isConnectError(error, "invalid_request")).toBe(false);
  });

  it("knows an error of another copy of core in the same process", async () => {
    vi.resetModules();
    const copy = await import("../src/index.js");
    expect(copy.ConnectError).not.toBe(ConnectError);
    const theirs = new copy.ConnectError("rate_limited");
    expect(theirs).toBeInstanceOf(ConnectError);
    expect(isConnectError(theirs)).toBe(true);
    expect(isConnectError(theirs, "rate_limited")).toBe(true);
    expect(isConnectError(theirs, "invalid_token")).toBe(false);
    expect(copy.isConnectError(new ConnectError("invalid_token"), "invalid_token")).toBe(true);
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a string", "ConnectError"],
    ["a number", 5],
    ["an Error", new Error("x")],
    ["an Error of that name", Object.assign(new Error("x"), { name: "ConnectError", code: "invalid_token" })],
    ["an object that looks alike", { ...new ConnectError("invalid_token") }],
    ["an object from JSON", JSON.parse(JSON.stringify(new ConnectError("invalid_token")))],
    ["the class itself", ConnectError],
  ])("does not know %s", (_, value) => {
    expect(isConnectError(value)).toBe(false);
    expect(isConnectError(value, "invalid_token")).toBe(false);
  });
});
