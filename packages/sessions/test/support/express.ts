import createExpress, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import session, { type SessionOptions } from "express-session";
import { onTestFinished } from "vitest";
import { type Outcome, visitLogin } from "./outcome.js";
import { browse, cookiesOf, serve, type Visit } from "./serve.js";

declare module "express-session" {
  interface SessionData {
    secondFactor: boolean;
  }
}

export function sessions(options: Partial<SessionOptions> = {}) {
  return session({ secret: "secret", resave: false, saveUninitialized: false, ...options });
}

/** A browser that posted to `/sign-in` as this user, or that never did. */
export async function signInAt(app: Express, userId?: string): Promise<Visit> {
  const url = await serveForTest(app);
  if (userId === undefined) return browse(url);
  return browse(url, cookiesOf(await fetch(`${url}/sign-in?id=${userId}`, { method: "POST" })));
}

/** Ada's visits before and after a request that is answered by this handler. */
export async function visitAround(app: Express, handler: RequestHandler): Promise<Outcome[]> {
  app.post("/between", handler);
  const url = await serveForTest(app);
  const cookie = cookiesOf(await fetch(`${url}/sign-in?id=ada`, { method: "POST" }));
  const before = await visitLogin(browse(url, cookie));
  await fetch(`${url}/between`, { method: "POST", headers: { cookie } });
  return [before, await visitLogin(browse(url, cookie))];
}

export const passSecondFactor: RequestHandler = (request, response) => {
  request.session.secondFactor = true;
  response.end();
};

/** Serves it until the test is over. What its error handler is given is what the browser sees. */
export async function serveForTest(app: Express): Promise<string> {
  const tell: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(500).send(error.message);
  };
  const { url, close } = await serve(createExpress().use(app, tell));
  onTestFinished(close);
  return url;
}
