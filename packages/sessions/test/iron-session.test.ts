import * as express from "@connect/express";
import * as hono from "@connect/hono";
import { type CookieStore, fromIronSession } from "@connect/sessions/iron-session";
import createExpress from "express";
import { Hono } from "hono";
import { getIronSession } from "iron-session";
import * as ironSession8 from "iron-session-8";
import { NextRequest } from "next/server.js";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { GET } from "../examples/iron-session/route.js";
import { type SessionData, sessionOptions } from "../examples/iron-session/session.js";
import { login } from "../examples/login.js";
import { findUser } from "../examples/users.js";
import { serveForTest } from "./support/express.js";
import { ada, failureOf, itLooksUp } from "./support/look-up.js";
import { completed, toSignIn, visitLogin } from "./support/outcome.js";
import { browse, cookiesOf, serve } from "./support/serve.js";

const context = { externalAuthId: "id", returnTo: "/auth/login" };
const verifyEmailUrl = "/verify-email";
const readUserId = ({ userId }: SessionData) => userId;
const authenticate = fromIronSession(sessionOptions, readUserId, findUser, { verifyEmailUrl });
const signedIn = { user: ada };

/** The cookies of a browser that is signed in, written by iron-session. */
async function cookieOf(data: object, options: object = {}): Promise<string> {
  const answer = new Response();
  const session = await getIronSession<object>(new Request("http://localhost"), answer, {
    ...sessionOptions,
    ...options,
  });
  await Object.assign(session, data).save();
  return cookiesOf(answer);
}

/** A browser that visits Next.js's route handler. */
function browseNext(cookie: string) {
  return async (path: string) => {
    const request = new NextRequest(`http://localhost${path}`, { headers: { cookie } });
    return GET(request).catch((error) => new Response(error.message, { status: 500 }));
  };
}

describe("with iron-session", () => {
  itLooksUp(async (userId) => browseNext(userId === undefined ? "" : await cookieOf({ userId })));

  it("a cookie that was tampered with, or sealed with another password, is not signed in", async () => {
    const cookie = await cookieOf({ userId: "ada" });
    expect(await visitLogin(browseNext(cookie.replace("~2", "x~2")))).toEqual(toSignIn);
    const other = await cookieOf({ userId: "ada" }, { password: "another password, of 32 characters" });
    expect(await visitLogin(browseNext(other))).toEqual(toSignIn);
  });

  it("a session whose data has no id is nobody, whatever the look-up makes of that", async () => {
    const careless = fromIronSession(sessionOptions, readUserId, () => findUser("ada"), { verifyEmailUrl });
    const headers = { cookie: await cookieOf({ cart: ["a book"] }) };
    expect(await careless(new Request("http://localhost", { headers }), context)).toBeNull();
  });

  it("iron-session 8 is as good", async () => {
    vi.doMock("iron-session", () => ironSession8);
    onTestFinished(() => void vi.doUnmock("iron-session"));
    vi.resetModules();
    const helper = await import("@connect/sessions/iron-session");
    const authenticate = helper.fromIronSession(sessionOptions, readUserId, findUser, { verifyEmailUrl });
    const seal = await ironSession8.sealData(
      { userId: "ada" },
      { password: String(sessionOptions.password) },
    );
    const request = new NextRequest("http://localhost", { headers: { cookie: `session=${seal}` } });
    expect(helper.fromIronSession).not.toBe(fromIronSession);
    expect(await authenticate(request, context)).toMatchObject(signedIn);
    expect(await authenticate(request.cookies, context)).toMatchObject(signedIn);
  });

  it("a session that fills several cookies is read", async () => {
    const cookie = await cookieOf({ userId: "ada", cart: "a book".repeat(700) }, { chunk: true });
    expect(cookie).toContain("session.1=");
    expect(await visitLogin(browseNext(cookie))).toEqual(completed(ada));
  });

  it("the session is read and never saved", async () => {
    const saving = fromIronSession(
      sessionOptions,
      (session: SessionData & { save?: () => Promise<void> }) => {
        session.save?.();
        return session.userId;
      },
      findUser,
      { verifyEmailUrl },
    );
    const request = new NextRequest("http://localhost", {
      headers: { cookie: await cookieOf({ userId: "ada" }) },
    });
    const before = request.headers.get("cookie");
    expect(await saving(request.cookies, context)).toMatchObject(signedIn);
    expect(request.headers.get("cookie")).toBe(before);
  });

  it("a password that iron-session refuses is the application's error, not a way round the sign-in page", async () => {
    const app = createExpress();
    const misconfigured = fromIronSession(
      { cookieName: "session", password: "short" },
      readUserId,
      findUser,
      { verifyEmailUrl },
    );
    app.get("/auth/login", express.loginRoute(login, { signInUrl: "/sign-in", authenticate: misconfigured }));
    expect(await failureOf(browse(await serveForTest(app)))).toContain("at least 32 characters");
  });

  it("a page that verifies addresses must be named", () => {
    expect(() => fromIronSession(sessionOptions, readUserId, findUser, {} as never)).toThrow(
      "verifyEmailUrl: must be a string or a function",
    );
  });
});

describe("iron-session's cookies are found", () => {
  it("in Express", async () => {
    const app = createExpress();
    app.get("/auth/login", express.loginRoute(login, { signInUrl: "/sign-in", authenticate }));
    const url = await serveForTest(app);
    expect(await visitLogin(browse(url, await cookieOf({ userId: "ada" })))).toEqual(completed(ada));
  });

  it("in Hono", async () => {
    const app = new Hono().get(
      "/auth/login",
      hono.loginRoute(login, { signInUrl: "/sign-in", authenticate }),
    );
    const headers = { cookie: await cookieOf({ userId: "ada" }) };
    const visit = async (path: string) => app.request(`http://localhost${path}`, { headers });
    expect(await visitLogin(visit)).toEqual(completed(ada));
  });

  it("in Node's own request", async () => {
    let answer: unknown;
    const { url, close } = await serve(async (request, response) => {
      answer = await authenticate(request, context);
      response.end();
    });
    onTestFinished(close);
    await browse(url, await cookieOf({ userId: "ada" }))("/");
    expect(answer).toMatchObject(signedIn);
  });

  it("in a Request", async () => {
    const request = new Request("http://localhost", {
      headers: { cookie: await cookieOf({ userId: "ada" }) },
    });
    expect(await authenticate(request, context)).toMatchObject(signedIn);
  });

  it("in a store of cookies, such as Next.js's", async () => {
    const { cookies }: { cookies: CookieStore } = new NextRequest("http://localhost", {
      headers: { cookie: await cookieOf({ userId: "ada" }) },
    });
    expect(await authenticate(cookies, context)).toMatchObject(signedIn);
  });
});
