import { createLogin, createVerifier, isConnectError } from "@connect/core";
import { describe, expect, it } from "vitest";
import { createTestAuthKit, type Fault, type Route } from "../src/index.js";

const COMPLETE = "POST /authkit/oauth2/complete";
const JWKS = "GET /oauth2/jwks";
const ADA = { id: "user_1", email: "ada@example.com" };

function setUp({ timeout }: { timeout?: number } = {}) {
  const authkit = createTestAuthKit();
  const { issuer, apiKey, audience, clock } = authkit;
  const fetch = authkit.fetch;
  return {
    authkit,
    login: createLogin({ apiKey, authkitUrl: issuer, fetch, timeout }),
    verifier: createVerifier({ issuer, audience, fetch, clock: clock.now }),
  };
}

/** The code and reason of what core throws. */
async function failureOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (isConnectError(error)) return [error.code, error.reason].filter(Boolean).join(" ");
    throw error;
  }
  return "none";
}

describe("a fault of the completion", () => {
  it("that says to come again is met as often as it was asked for, and then the login goes on", async () => {
    const { authkit, login } = setUp();
    authkit.fault(COMPLETE, { status: 503, times: 2, headers: { "retry-after": "0" } });
    const { externalAuthId } = authkit.beginLogin();
    expect(await login.complete(externalAuthId, { user: ADA })).toMatch(authkit.issuer);
    expect(authkit.completions).toHaveLength(1);
  });

  it.each<[string, Fault, string]>([
    ["429 to the end", { status: 429, times: 3, headers: { "retry-after": "0" } }, "rate_limited"],
    [
      "503 to the end",
      { status: 503, times: 3, headers: { "retry-after": "0" } },
      "authkit_unavailable status",
    ],
    ["500", { status: 500 }, "completion_outcome_unknown status"],
    ["a broken connection", { reset: true }, "completion_outcome_unknown network"],
    ["a refusal with a code", { status: 400, body: { code: "email_not_available" } }, "email_not_available"],
    ["a body that is no JSON", { body: "<html>" }, "invalid_authkit_response json"],
    [
      "an address elsewhere",
      { body: { redirect_uri: "https://elsewhere.example/" } },
      "untrusted_redirect_uri",
    ],
  ])("%s is seen, and the login is as it was", async (_, fault, failure) => {
    const { authkit, login } = setUp();
    authkit.fault(COMPLETE, fault);
    const { externalAuthId } = authkit.beginLogin();
    expect(await failureOf(login.complete(externalAuthId, { user: ADA }))).toBe(failure);
    expect(authkit.completions).toEqual([]);
    expect(await failureOf(login.complete(externalAuthId, { user: ADA }))).toBe("none");
  });

  it("that is a delay ends in the application's own time-out, or in the true answer", async () => {
    const slow = setUp({ timeout: 20 });
    slow.authkit.fault(COMPLETE, { delay: "1h" });
    const { externalAuthId } = slow.authkit.beginLogin();
    expect(await failureOf(slow.login.complete(externalAuthId, { user: ADA }))).toBe(
      "completion_outcome_unknown timeout",
    );
    const patient = setUp();
    patient.authkit.fault(COMPLETE, { delay: 5 });
    const login = patient.authkit.beginLogin();
    expect(await patient.login.complete(login.externalAuthId, { user: ADA })).toMatch(patient.authkit.issuer);
  });

  it("that is a delay ends when whoever asked gives up", async () => {
    const { authkit } = setUp();
    authkit.fault(JWKS, { delay: "1h" });
    const controller = new AbortController();
    const answer = authkit.fetch(authkit.jwksUrl, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
  });

  it("comes in its turn after another one", async () => {
    const { authkit, login } = setUp();
    authkit.fault(COMPLETE, { status: 400, body: { code: "email_not_available" } });
    authkit.fault(COMPLETE, { status: 400, body: { code: "email_change_not_allowed" } });
    const { externalAuthId } = authkit.beginLogin();
    const failures = [];
    for (let n = 0; n < 3; n++) failures.push(await failureOf(login.complete(externalAuthId, { user: ADA })));
    expect(failures).toEqual(["email_not_available", "email_change_not_allowed", "none"]);
  });
});

describe("a fault of the keys", () => {
  it.each<[string, Fault]>([
    ["a status", { status: 500 }],
    ["a broken connection", { reset: true }],
    ["a set without keys", { body: { keys: [] } }],
    ["a body that is no JSON", { body: "oops" }],
  ])("%s is an outage and no verdict about the token; afterwards the token is good", async (_, fault) => {
    const { authkit, verifier } = setUp();
    authkit.fault(JWKS, fault);
    const token = await authkit.token();
    expect(await failureOf(verifier.verify(token))).toBe("jwks_unavailable");
    authkit.clock.advance("11s");
    expect((await verifier.verify(token)).subject).toBe("user_test");
  });

  it("that began after the keys were fetched is not noticed for an hour", async () => {
    const { authkit, verifier } = setUp();
    await verifier.verify(await authkit.token());
    authkit.fault(JWKS, { status: 503, times: Number.POSITIVE_INFINITY });
    authkit.clock.advance("30m");
    expect((await verifier.verify(await authkit.token())).subject).toBe("user_test");
    authkit.clock.advance("45m");
    expect(await failureOf(verifier.verify(await authkit.token()))).toBe("jwks_unavailable");
  });
});

describe("a fault of the metadata", () => {
  it.each<Route>(["GET /.well-known/oauth-authorization-server", "GET /.well-known/openid-configuration"])(
    "%s is met once",
    async (route) => {
      const { authkit } = setUp();
      authkit.fault(route, { status: 502, headers: { "x-fault": "yes" }, body: "bad gateway" });
      const url = authkit.issuer + route.slice("GET ".length);
      const broken = await authkit.fetch(url);
      expect([broken.status, broken.headers.get("x-fault"), await broken.text()]).toEqual([
        502,
        "yes",
        "bad gateway",
      ]);
      expect((await authkit.fetch(url)).status).toBe(200);
    },
  );
});

describe("a fault that can't be", () => {
  it.each<[string, Route, Fault, string]>([
    [
      "of a route that isn't there",
      "GET /oauth2/userinfo" as Route,
      { status: 500 },
      "Faults are for one of",
    ],
    ["of nothing", JWKS, {}, "A fault needs"],
    ["of no request", JWKS, { status: 500, times: 0 }, "times"],
  ])("%s is refused at once", (_, route, fault, message) => {
    expect(() => createTestAuthKit().fault(route, fault)).toThrow(message);
  });
});
