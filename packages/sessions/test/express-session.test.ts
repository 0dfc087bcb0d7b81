import * as express from "@connect/express";
import * as fastify from "@connect/fastify";
import { fromExpressSession } from "@connect/sessions/express-session";
import cookie from "@fastify/cookie";
import fastifySession from "@fastify/session";
import createExpress, { type RequestHandler } from "express";
import { MemoryStore } from "express-session";
import createFastify, { type FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { route } from "../examples/express-session/route.js";
import { login } from "../examples/login.js";
import { findUser } from "../examples/users.js";
import { passSecondFactor, sessions, signInAt, visitAround } from "./support/express.js";
import { ada, failureOf, itLooksUp } from "./support/look-up.js";
import { completed, toSignIn, visitLogin } from "./support/outcome.js";
import { browse, cookiesOf } from "./support/serve.js";

declare module "express-session" {
  interface SessionData {
    cart: string[];
  }
}

declare module "fastify" {
  interface Session {
    userId?: string;
  }
}

const verifyEmailUrl = "/verify-email";

function createApp(middleware: RequestHandler, loginRoute: RequestHandler = route) {
  const app = createExpress().use(middleware);
  app.post("/sign-in", (request, response) => {
    request.session.userId = String(request.query.id);
    response.end();
  });
  app.get("/auth/login", loginRoute);
  return app;
}

describe("with express-session", () => {
  itLooksUp((userId) => signInAt(createApp(sessions()), userId));

  it("a session that the application ended is not signed in", async () => {
    const app = createApp(sessions());
    const outcomes = await visitAround(app, (request, response) => {
      request.session.destroy(() => response.end());
    });
    expect(outcomes).toEqual([completed(ada), toSignIn]);
  });

  it("a visitor's session is not the first user's where the look-up takes a missing id for any user", async () => {
    const app = createExpress().use(sessions());
    app.post("/sign-in", (request, response) => {
      request.session.cart = ["a book"];
      response.end();
    });
    const options = {
      signInUrl: "/sign-in",
      authenticate: fromExpressSession(
        ({ userId }: { userId?: string }) => userId,
        () => findUser("ada"),
        { verifyEmailUrl },
      ),
    };
    app.get("/auth/login", express.loginRoute(login, options));
    expect(await visitLogin(await signInAt(app, "nobody"))).toEqual(toSignIn);
  });

  it("a session that still owes a second factor is not signed in where the application says which one does", async () => {
    const loginRoute = express.loginRoute(login, {
      signInUrl: "/sign-in",
      authenticate: fromExpressSession(({ secondFactor, userId }) => secondFactor && userId, findUser, {
        verifyEmailUrl,
      }),
    });
    const app = createApp(sessions(), loginRoute);
    expect(await visitAround(app, passSecondFactor)).toEqual([toSignIn, completed(ada)]);
  });

  it("a number can be an id, zero too", async () => {
    const authenticate = fromExpressSession(
      () => 0,
      (userId: number) => (userId === 0 ? findUser("ada") : null),
      { verifyEmailUrl },
    );
    const loginRoute = express.loginRoute(login, { signInUrl: "/sign-in", authenticate });
    expect(await visitLogin(await signInAt(createApp(sessions(), loginRoute)))).toEqual(completed(ada));
  });

  it("a route before its middleware is an error that says so, not a way round the sign-in page", async () => {
    const app = createExpress();
    app.get("/auth/login", route);
    app.use(sessions());
    expect(await failureOf(await signInAt(app))).toBe(
      "The configuration is not valid. (request.session is missing: the session middleware must come before this " +
        "route, with its store in reach)",
    );
  });

  it("a store that lost its connection is an error, not a user who has to sign in again", async () => {
    const store = new MemoryStore();
    const visit = await signInAt(createApp(sessions({ store })), "ada");
    store.emit("disconnect");
    expect(await failureOf(visit)).toContain("with its store in reach");
  });

  it("what the store throws is the application's error", async () => {
    const store = new MemoryStore();
    const visit = await signInAt(createApp(sessions({ store })), "ada");
    store.get = (_id, done) => done(new Error("the store is away"));
    expect(await failureOf(visit)).toBe("the store is away");
  });

  it("a page that verifies addresses must be named", () => {
    expect(() => fromExpressSession(() => "ada", findUser, {} as never)).toThrow(
      "verifyEmailUrl: must be a string or a function",
    );
  });
});

describe("with @fastify/session", () => {
  /** With the Login URI, until the test is over. What its error handler is given is what the browser sees. */
  async function serveLogin(app: FastifyInstance): Promise<string> {
    app.setErrorHandler((error, _request, reply) => reply.status(500).send((error as Error).message));
    app.get(
      "/auth/login",
      fastify.loginRoute(login, {
        signInUrl: "/sign-in",
        authenticate: fromExpressSession(({ userId }) => userId, findUser, { verifyEmailUrl }),
      }),
    );
    onTestFinished(() => app.close());
    return app.listen({ port: 0, host: "127.0.0.1" });
  }

  itLooksUp(async (userId) => {
    const app = createFastify();
    await app.register(cookie);
    await app.register(fastifySession, {
      secret: "a secret of thirty-two characters",
      cookie: { secure: false },
      saveUninitialized: false,
    });
    app.post<{ Querystring: { id: string } }>("/sign-in", async (request) => {
      request.session.userId = request.query.id;
      return "";
    });
    const url = await serveLogin(app);
    if (userId === undefined) return browse(url);
    return browse(url, cookiesOf(await fetch(`${url}/sign-in?id=${userId}`, { method: "POST" })));
  });

  it("a route without its plugin is an error that says so", async () => {
    const app = createFastify();
    const url = await serveLogin(app);
    expect(await failureOf(browse(url))).toContain("request.session is missing");
  });
});
