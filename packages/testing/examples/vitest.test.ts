import { createLogin, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/hono";
import { createTestAuthKit } from "@connect/testing";
import "@connect/testing/vitest";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";

const authkit = createTestAuthKit();
const { issuer, apiKey, audience, fetch, clock } = authkit;

// Your application, with this AuthKit instead of the real one.
const login = createLogin({ apiKey, authkitUrl: issuer, fetch });
const verifier = createVerifier({ issuer, audience, fetch, clock: clock.now });
const app = new Hono();
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (c) =>
      c.req.header("cookie") === "session=ada" ? { user: { id: "ada", email: "ada@example.com" } } : null,
  }),
);
app.get("/api/notes", requireToken(verifier, { scopes: ["notes:read"] }), (c) =>
  c.json({ notesOf: c.var.accessToken.subject }),
);

function getNotes(token: string) {
  return app.request("/api/notes", { headers: { authorization: `Bearer ${token}` } });
}

describe("the API", () => {
  it("is open to its users", async () => {
    const response = await getNotes(await authkit.token({ sub: "user_ada", scopes: ["notes:read"] }));
    expect(await response.json()).toEqual({ notesOf: "user_ada" });
  });

  it("asks for the scope that is missing", async () => {
    expect(await getNotes(await authkit.token({ scopes: ["openid"] }))).toBeChallenge({
      error: "insufficient_scope",
      scope: "notes:read",
    });
  });

  it.each(Object.entries(authkit.token.broken))("is closed to a token that is %s", async (_, broken) => {
    expect(await getNotes(await broken({ scopes: ["notes:read"] }))).toBeChallenge({
      error: "invalid_token",
    });
  });

  it("is closed to a token that expired", async () => {
    const token = await authkit.token({ scopes: ["notes:read"] });
    expect((await getNotes(token)).status).toBe(200);
    clock.advance("306s"); // the verifier lets clocks differ by 5 seconds
    expect(await getNotes(token)).toBeChallenge({ error: "invalid_token" });
  });
});

describe("the Login URI", () => {
  const headers = { cookie: "session=ada" };

  it("tells AuthKit who is signed in, and sends the browser on", async () => {
    const { url } = authkit.beginLogin();
    expect(await app.request(url("/auth/login"), { headers })).toSendToAuthKit(authkit);
    expect(authkit.completions.at(-1)?.user).toEqual({ id: "ada", email: "ada@example.com" });
  });

  it("has a way out where AuthKit is down", async () => {
    authkit.fault("POST /authkit/oauth2/complete", {
      status: 503,
      times: 3,
      headers: { "retry-after": "0" },
    });
    const response = await app.request(authkit.beginLogin().url("/auth/login"), { headers });
    expect(response.headers.get("location")).toBe("/");
  });
});
