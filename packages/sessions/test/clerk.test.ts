import { clerkMiddleware, getAuth } from "@clerk/express";
import * as hono from "@connect/hono";
import { fromClerk } from "@connect/sessions/clerk";
import createExpress, { type ErrorRequestHandler } from "express";
import { Hono } from "hono";
import { generateKeyPair } from "jose";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { clerkClient } from "../examples/clerk/clerk.js";
import { route } from "../examples/clerk/route.js";
import { authkit, login } from "../examples/login.js";
import { addUser, clerkApi, failure, instance, sessionCookie } from "./support/clerk.js";
import { completed, toSignIn, toVerifyEmail, visitLogin } from "./support/outcome.js";
import { browse, serve } from "./support/serve.js";

const ada = { id: "user_ada", email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" };
addUser(ada.id);

const app = createExpress();
app.use(clerkMiddleware({ ...instance, clerkClient }));
app.get("/auth/login", route);
const refuse: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.sendStatus(500);
};
app.use(refuse);
const application = await serve(app);

afterEach(() => {
  delete failure.status;
});
afterAll(() => {
  application.close();
  clerkApi.close();
});

const visitAs = (cookie?: string) => visitLogin(browse(application.url, cookie));

describe("with Clerk", () => {
  it("a user who is signed in goes on to AuthKit with id, primary e-mail address and names", async () => {
    expect(await visitAs(await sessionCookie(ada.id))).toEqual(completed(ada));
  });

  it("nobody is signed in without a session, or with a token that somebody else signed", async () => {
    expect(await visitAs()).toEqual(toSignIn);
    const { privateKey: key } = await generateKeyPair("RS256");
    expect(await visitAs(await sessionCookie(ada.id, { key }))).toEqual(toSignIn);
  });

  it.each([
    ["is not verified", { verification: "unverified" }],
    ["is missing", { primary_email_address_id: null }],
  ])("a user whose primary e-mail address %s is sent to see to it", async (_, user) => {
    addUser("user_unverified", user);
    expect(await visitAs(await sessionCookie("user_unverified"))).toEqual(toVerifyEmail);
  });

  it.each([{ banned: true }, { deprovisioned: true }])("a user who is %o is not signed in", async (user) => {
    addUser("user_out", user);
    expect(await visitAs(await sessionCookie("user_out"))).toEqual(toSignIn);
  });

  it("a user who was deleted since the token was issued is not signed in", async () => {
    expect(await visitAs(await sessionCookie("user_gone"))).toEqual(toSignIn);
  });

  it("a session that is pending is not signed in", async () => {
    expect(await visitAs(await sessionCookie(ada.id, { sts: "pending" }))).toEqual(toSignIn);
  });

  it("somebody who impersonates a user is not signed in as that user", async () => {
    const cookie = await sessionCookie(ada.id, { act: { sub: "user_support" } });
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it("an outage of Clerk's API is the application's error, and nobody's sign-in", async () => {
    failure.status = 500;
    const response = await browse(
      application.url,
      await sessionCookie(ada.id),
    )(authkit.beginLogin().url("/auth/login"));
    expect(response.status).toBe(500);
  });

  it("a pending session is not signed in either where Clerk is told to take it for signed in", async () => {
    const lenient = createExpress();
    lenient.use(clerkMiddleware({ ...instance, clerkClient }));
    const authenticate = fromClerk(
      clerkClient,
      (request: createExpress.Request) => getAuth(request, { treatPendingAsSignedOut: false }),
      { verifyEmailUrl: "/verify-email" },
    );
    let answer: unknown = "not asked";
    lenient.get("/", async (request, response) => {
      answer = await authenticate(request, { externalAuthId: "id", returnTo: "/auth/login" });
      response.end();
    });
    const { url, close } = await serve(lenient);
    await browse(url, await sessionCookie(ada.id, { sts: "pending" }))("/");
    expect(answer).toBeNull();
    close();
  });

  it("a server without a middleware of Clerk's can ask its client", async () => {
    const authenticate = fromClerk(
      clerkClient,
      async (request: Request) => (await clerkClient.authenticateRequest(request, instance)).toAuth(),
      { verifyEmailUrl: "/verify-email" },
    );
    const options = {
      signInUrl: "/sign-in",
      authenticate: (c: { req: { raw: Request } }, context: Parameters<typeof authenticate>[1]) =>
        authenticate(c.req.raw, context),
    };
    const server = new Hono().get("/auth/login", hono.loginRoute(login, options));
    const visit = (cookie: string) =>
      visitLogin(async (path) => server.request(`http://localhost${path}`, { headers: { cookie } }));
    expect(await visit(await sessionCookie(ada.id))).toEqual(completed(ada));
    expect(await visit("")).toEqual(toSignIn);
    // Nobody renews it here: the sign-in page does.
    expect(await visit(await sessionCookie(ada.id, { life: "-60s" }))).toEqual(toSignIn);
  });
});
