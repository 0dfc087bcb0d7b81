import * as express from "@connect/express";
import { fromPassport } from "@connect/sessions/passport";
import createExpress, { type Request, type RequestHandler } from "express";
import passport from "passport";
import { describe, expect, it } from "vitest";
import { login } from "../examples/login.js";
import { route } from "../examples/passport/route.js";
import { type AppUser, findUser } from "../examples/users.js";
import { passSecondFactor, serveForTest, sessions, signInAt, visitAround } from "./support/express.js";
import { ada, failureOf, itLooksUp } from "./support/look-up.js";
import { completed, toSignIn, visitLogin } from "./support/outcome.js";

/** Who sends a token is signed in, as with the strategies that APIs use. */
class TokenStrategy extends passport.Strategy {
  override authenticate(request: Request) {
    if (request.headers.authorization === undefined) this.pass();
    else findUser("ada").then((user) => this.success(user as AppUser), this.error);
  }
}

function createAuthenticator() {
  const authenticator = new passport.Passport();
  authenticator.use("token", new TokenStrategy());
  authenticator.serializeUser<string>((user, done) => done(null, (user as AppUser).id));
  authenticator.deserializeUser<string>((id, done) => {
    findUser(id).then((user) => done(null, user ?? false), done);
  });
  return authenticator;
}

function createApp(middleware: RequestHandler[], loginRoute: RequestHandler = route) {
  const app = createExpress().use(middleware);
  app.post("/sign-in", (request, response, next) => {
    // What every strategy ends with.
    request.logIn({ id: String(request.query.id) }, (error) => (error ? next(error) : response.end()));
  });
  app.get("/auth/login", loginRoute);
  return app;
}

describe("with Passport", () => {
  itLooksUp((userId) => signInAt(createApp([sessions(), createAuthenticator().session()]), userId));

  it("a session that the user signed out of is not signed in", async () => {
    const app = createApp([sessions(), createAuthenticator().session()]);
    const outcomes = await visitAround(app, (request, response, next) => {
      request.logOut((error) => (error ? next(error) : response.end()));
    });
    expect(outcomes).toEqual([completed(ada), toSignIn]);
  });

  it("a user whom a strategy knows for one request alone is not signed in", async () => {
    const authenticator = createAuthenticator();
    const byToken = authenticator.authenticate("token", { session: false });
    const seen: unknown[] = [];
    const see: RequestHandler = (request, _response, next) => {
      seen.push((request.user as AppUser | undefined)?.id);
      next();
    };
    const url = await serveForTest(createApp([sessions(), authenticator.session(), byToken, see]));
    const headers = { authorization: "Bearer token" };
    const visit = (path: string) => fetch(url + path, { redirect: "manual", headers });
    expect(await visitLogin(visit)).toEqual(toSignIn);
    expect(seen).toEqual(["ada"]);
  });

  it("a session that still owes a second factor is not signed in where the application says which one does", async () => {
    const loginRoute = express.loginRoute(login, {
      signInUrl: "/sign-in",
      authenticate: fromPassport((user: AppUser, request) => (request.session.secondFactor ? user : null), {
        verifyEmailUrl: "/verify-email",
      }),
    });
    const app = createApp([sessions(), createAuthenticator().session()], loginRoute);
    expect(await visitAround(app, passSecondFactor)).toEqual([toSignIn, completed(ada)]);
  });

  it("a route before the middleware is an error that says so, not a way round the sign-in page", async () => {
    const first = createExpress();
    first.get("/auth/login", route);
    first.use(sessions(), createAuthenticator().session());
    expect(await failureOf(await signInAt(first))).toBe(
      "The configuration is not valid. (request.session is missing: the session middleware must come before this route)",
    );
    const between = createExpress().use(sessions());
    between.get("/auth/login", route);
    between.use(createAuthenticator().session());
    expect(await failureOf(await signInAt(between))).toBe(
      "The configuration is not valid. (Passport is missing: passport.session() must come before this route)",
    );
  });

  it("somebody in the session whom Passport's session middleware did not read is an error, too", async () => {
    const app = createApp([sessions(), createAuthenticator().initialize()]);
    expect(await failureOf(await signInAt(app, "ada"))).toBe(
      "The configuration is not valid. (request.user is missing: passport.session() must come before this route)",
    );
  });

  it("a page that verifies addresses must be named", () => {
    expect(() => fromPassport((user: AppUser) => user, {} as never)).toThrow(
      "verifyEmailUrl: must be a string or a function",
    );
  });
});
