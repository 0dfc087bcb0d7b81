import { ExpressAuth } from "@auth/express";
import createExpress, { type Express } from "express";
import session from "express-session";
import { getIronSession } from "iron-session";
import { NextRequest } from "next/server.js";
import passport from "passport";
import { describe, expect, it, onTestFinished } from "vitest";
import { authConfig } from "../examples/auth-js/auth-config.js";
import { route as authJsRoute } from "../examples/auth-js/route.js";
import { route as expressSessionRoute } from "../examples/express-session/route.js";
import { GET } from "../examples/iron-session/route.js";
import { type SessionData, sessionOptions } from "../examples/iron-session/session.js";
import { route as passportRoute } from "../examples/passport/route.js";
import { type AppUser, findUser } from "../examples/users.js";
import { completed, toSignIn, toVerifyEmail, visitLogin } from "./support/outcome.js";
import { browse, cookiesOf, serve } from "./support/serve.js";

/** A browser that is signed in as `userId`, or as nobody. */
type Visitor = (userId?: string) => Promise<(path: string) => Promise<Response>>;

const ada = { id: "ada", email: "ada@example.com", name: "Ada Lovelace" };

describe.each<[name: string, visitor: Visitor]>([
  ["express-session", visitExpressSession],
  ["Passport", visitPassport],
  ["iron-session", visitIronSession],
  ["Auth.js", visitAuthJs],
])("with %s", (_, visitor) => {
  it("a user who is signed in goes on to AuthKit with id, e-mail address and name", async () => {
    expect(await visitLogin(await visitor("ada"))).toEqual(completed(ada));
  });

  it("nobody is signed in without a session", async () => {
    expect(await visitLogin(await visitor())).toEqual(toSignIn);
  });

  it("a user whose e-mail address is not verified is sent to verify it", async () => {
    expect(await visitLogin(await visitor("ben"))).toEqual(toVerifyEmail);
  });

  it("a session whose user is gone is not signed in", async () => {
    expect(await visitLogin(await visitor("gone"))).toEqual(toSignIn);
  });
});

const appSession = () => session({ secret: "secret", resave: false, saveUninitialized: false });

async function visitExpressSession(userId?: string) {
  const app = createExpress().use(appSession());
  app.post("/sign-in", (request, response) => {
    request.session.userId = String(request.query.id);
    response.end();
  });
  app.get("/auth/login", expressSessionRoute);
  return visitSignedIn(app, userId);
}

async function visitPassport(userId?: string) {
  const authenticator = new passport.Passport();
  authenticator.serializeUser<string>((user, done) => done(null, (user as AppUser).id));
  authenticator.deserializeUser<string>((id, done) => {
    findUser(id).then((user) => done(null, user ?? false), done);
  });
  const app = createExpress().use(appSession(), authenticator.session());
  app.post("/sign-in", (request, response, next) => {
    // What every strategy ends with.
    request.logIn({ id: String(request.query.id) }, (error) => (error ? next(error) : response.end()));
  });
  app.get("/auth/login", passportRoute);
  return visitSignedIn(app, userId);
}

async function visitIronSession(userId?: string) {
  const answer = new Response();
  if (userId !== undefined) {
    const signedIn = await getIronSession<SessionData>(
      new Request("http://localhost"),
      answer,
      sessionOptions,
    );
    signedIn.userId = userId;
    await signedIn.save();
  }
  const headers = { cookie: cookiesOf(answer) };
  return (path: string) => GET(new NextRequest(`http://localhost${path}`, { headers }));
}

async function visitAuthJs(userId?: string) {
  const app = createExpress();
  app.get("/auth/login", authJsRoute);
  app.use("/auth", ExpressAuth(authConfig));
  const { url } = await serveForTest(app);
  if (userId === undefined) return browse(url);
  const form = await fetch(`${url}/auth/csrf`);
  const { csrfToken } = (await form.json()) as { csrfToken: string };
  const answer = await fetch(`${url}/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookiesOf(form) },
    body: new URLSearchParams({ csrfToken, id: userId }),
  });
  return browse(url, cookiesOf(answer));
}

async function visitSignedIn(app: Express, userId?: string) {
  const { url } = await serveForTest(app);
  if (userId === undefined) return browse(url);
  return browse(url, cookiesOf(await fetch(`${url}/sign-in?id=${userId}`, { method: "POST" })));
}

async function serveForTest(app: Express) {
  const served = await serve(app);
  onTestFinished(served.close);
  return served;
}
