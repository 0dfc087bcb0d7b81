import type { LoginContext } from "@connect/core";
import * as express from "@connect/express";
import * as fastify from "@connect/fastify";
import * as next from "@connect/next";
import { fromBetterAuth, type SessionOptions } from "@connect/sessions/better-auth";
import { type BetterAuthPlugin, betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins";
import createExpress from "express";
import createFastify from "fastify";
import { Hono } from "hono";
import { NextRequest } from "next/server.js";
import { describe, expect, it } from "vitest";
import { auth, tables } from "../examples/better-auth/auth.js";
import { route } from "../examples/better-auth/route.js";
import { login } from "../examples/login.js";
import { completed, toSignIn, toVerifyEmail, visitLogin } from "./support/outcome.js";
import { browse, cookiesOf, serve } from "./support/serve.js";

const app = new Hono().get("/auth/login", route);
const password = "correct horse";
let people = 0;

/** Somebody who signed up and is signed in. */
async function signUp({ emailVerified = true } = {}) {
  const email = `ada${++people}@example.com`;
  const response = await auth.api.signUpEmail({
    body: { email, password, name: "Ada Lovelace" },
    asResponse: true,
  });
  const row = rowOf(email);
  row.emailVerified = emailVerified;
  // Signed in again, so that the cookie's copy of the session is of the user as they are now.
  const cookie = cookiesOf(await auth.api.signInEmail({ body: { email, password }, asResponse: true }));
  expect(response.status).toBe(200);
  return { id: String(row.id), email, cookie, row };
}

function rowOf(email: string): Record<string, unknown> {
  const row = tables.user?.find((each) => each.email === email);
  if (row === undefined) throw new Error("There is no such user.");
  return row;
}

const apiKey = "key_of_a_machine";

/** As `@better-auth/api-key` does where it is told that a key is a session. */
const apiKeySessions = {
  id: "api-key-sessions",
  hooks: {
    before: [
      {
        matcher: ({ headers }) => headers?.get("x-api-key") === apiKey,
        handler: createAuthMiddleware(async () => {
          const user = { id: "ada", email: "ada@example.com", emailVerified: true, name: "Ada Lovelace" };
          return { user, session: { id: "key_1", token: apiKey, userId: user.id } };
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin;

const withMachines = betterAuth({ ...auth.options, plugins: [bearer(), apiKeySessions] });

function visitAs(cookie: string) {
  return visitLogin(async (path) => app.request(path, { headers: { cookie } }));
}

describe("with better-auth", () => {
  it("a user who is signed in goes on to AuthKit with id, e-mail address and name", async () => {
    const { id, email, cookie } = await signUp();
    expect(await visitAs(cookie)).toEqual(completed({ id, email, name: "Ada Lovelace" }));
  });

  it("nobody is signed in without a cookie, or with one that was changed", async () => {
    const { cookie } = await signUp();
    expect(await visitAs("")).toEqual(toSignIn);
    expect(await visitAs(cookie.replace(/session_token=.{4}/, "session_token=AAAA"))).toEqual(toSignIn);
  });

  it("a user whose e-mail address is not verified is sent to verify it, with the way back", async () => {
    const { cookie } = await signUp({ emailVerified: false });
    expect(await visitAs(cookie)).toEqual(toVerifyEmail);
    const authenticate = fromBetterAuth(auth, { verifyEmailUrl: "/verify-email" });
    const context: LoginContext = { externalAuthId: "id", returnTo: "/auth/login?external_auth_id=id" };
    expect(await authenticate(new Request("http://localhost", { headers: { cookie } }), context)).toEqual({
      redirectTo: "/verify-email?return_to=%2Fauth%2Flogin%3Fexternal_auth_id%3Did",
    });
  });

  it("a user whose session was revoked is not signed in, though the cookie's copy still holds", async () => {
    const { cookie } = await signUp();
    const headers = new Headers({ cookie });
    await auth.api.revokeSessions({ headers });
    expect(await auth.api.getSession({ headers })).not.toBeNull();
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it("a user whose session is over is not signed in, though the cookie's copy still holds", async () => {
    const { id, cookie } = await signUp();
    for (const row of tables.session ?? [])
      if (row.userId === id) row.expiresAt = new Date(Date.now() - 1_000);
    expect(await auth.api.getSession({ headers: new Headers({ cookie }) })).not.toBeNull();
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it("a guest of the anonymous plugin is not signed in", async () => {
    const cookie = cookiesOf(await auth.api.signInAnonymous({ asResponse: true }));
    expect(await auth.api.getSession({ headers: new Headers({ cookie }) })).not.toBeNull();
    for (const user of tables.user ?? []) if (user.isAnonymous) user.emailVerified = true;
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it("a user who was banned since is not signed in", async () => {
    const { cookie, row } = await signUp();
    row.banned = true;
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it("a user whose ban is over is signed in, and one whose ban is not is not", async () => {
    const { id, email, cookie, row } = await signUp();
    Object.assign(row, { banned: true, banExpires: new Date(Date.now() - 1_000) });
    expect(await visitAs(cookie)).toEqual(completed({ id, email, name: "Ada Lovelace" }));
    row.banExpires = new Date(Date.now() + 60_000);
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it.each([
    ["a bearer token", (token: string) => ({ authorization: `Bearer ${token}` })],
    ["an API key", () => ({ "x-api-key": apiKey })],
  ])("whoever brings %s and no cookie is not signed in", async (_, toHeaders) => {
    const { cookie } = await signUp();
    const { session } = (await auth.api.getSession({ headers: new Headers({ cookie }) })) ?? {};
    const headers = new Headers(toHeaders(session?.token ?? ""));
    expect(await withMachines.api.getSession({ headers })).not.toBeNull();
    const authenticate = fromBetterAuth(withMachines, { verifyEmailUrl: "/verify-email" });
    const request = new Request("http://localhost", { headers });
    expect(await authenticate(request, { externalAuthId: "id", returnTo: "/auth/login" })).toBeNull();
  });

  it("an administrator who impersonates a user is not signed in as that user", async () => {
    const victim = await signUp();
    const administrator = await signUp();
    administrator.row.role = "admin";
    const cookie = cookiesOf(
      await auth.api.impersonateUser({
        body: { userId: victim.id },
        headers: new Headers({ cookie: administrator.cookie }),
        asResponse: true,
      }),
    );
    const session = await auth.api.getSession({ headers: new Headers({ cookie }) });
    expect(session?.user.id).toBe(victim.id);
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it("a user who still owes the second factor is not signed in", async () => {
    const { email, cookie, row } = await signUp();
    await auth.api.enableTwoFactor({ body: { password }, headers: new Headers({ cookie }) });
    row.twoFactorEnabled = true;
    const response = await auth.api.signInEmail({ body: { email, password }, asResponse: true });
    expect(await response.clone().json()).toMatchObject({ twoFactorRedirect: true });
    expect(await visitAs(cookiesOf(response))).toEqual(toSignIn);
  });

  it("a session without a store, all of it in the cookie, is signed in on every server", async () => {
    const createServer = () =>
      betterAuth({
        baseURL: "http://localhost:3000",
        secret: "a secret of thirty-two characters",
        emailAndPassword: { enabled: true },
        session: { cookieCache: { enabled: true, maxAge: 300 } },
      });
    const body = { email: "ada@example.com", password, name: "Ada Lovelace" };
    const cookie = cookiesOf(await createServer().api.signUpEmail({ body, asResponse: true }));
    const authenticate = fromBetterAuth(createServer(), { verifyEmailUrl: "/verify-email" });
    const request = new Request("http://localhost", { headers: { cookie } });
    expect(await authenticate(request, { externalAuthId: "id", returnTo: "/auth/login" })).toEqual({
      redirectTo: "/verify-email?return_to=%2Fauth%2Flogin",
    });
  });

  it("a page for unverified addresses that is missing shows at start-up", () => {
    expect(() => fromBetterAuth(auth, {} as SessionOptions)).toThrowError(
      expect.objectContaining({
        code: "invalid_config",
        reason: "verifyEmailUrl: must be a string or a function",
      }),
    );
  });

  describe("takes the request of every adapter:", () => {
    const options = {
      signInUrl: "/sign-in",
      authenticate: fromBetterAuth(auth, { verifyEmailUrl: "/verify-email" }),
    };

    it("Express", async () => {
      const { id, email, cookie } = await signUp();
      const { url, close } = await serve(
        createExpress().get("/auth/login", express.loginRoute(login, options)),
      );
      expect(await visitLogin(browse(url, cookie))).toEqual(completed({ id, email, name: "Ada Lovelace" }));
      close();
    });

    it("Fastify", async () => {
      const { id, email, cookie } = await signUp();
      const server = createFastify();
      server.get("/auth/login", fastify.loginRoute(login, options));
      const url = await server.listen({ port: 0, host: "127.0.0.1" });
      expect(await visitLogin(browse(url, cookie))).toEqual(completed({ id, email, name: "Ada Lovelace" }));
      await server.close();
    });

    it("Next.js", async () => {
      const { id, email, cookie } = await signUp();
      const GET = next.loginRoute(login, options);
      const visit = async (path: string) =>
        GET(new NextRequest(`http://localhost${path}`, { headers: { cookie } }));
      expect(await visitLogin(visit)).toEqual(completed({ id, email, name: "Ada Lovelace" }));
    });
  });
});
