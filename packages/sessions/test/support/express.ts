import createExpress, { type ErrorRequestHandler, type Express } from "express";
import session, { type SessionOptions } from "express-session";
import { onTestFinished } from "vitest";
import { browse, cookiesOf, serve, type Visit } from "./serve.js";

export function sessions(options: Partial<SessionOptions> = {}) {
  return session({ secret: "secret", resave: false, saveUninitialized: false, ...options });
}

/** A browser that posted to `/sign-in` as this user, or that never did. */
export async function signInAt(app: Express, userId?: string): Promise<Visit> {
  const url = await serveForTest(app);
  if (userId === undefined) return browse(url);
  return browse(url, cookiesOf(await fetch(`${url}/sign-in?id=${userId}`, { method: "POST" })));
}

/** Serves it until the test is over. What its error handler is given is what the browser sees. */
export async function serveForTest(app: Express): Promise<string> {
  const tell: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(500).send(error.message);
  };
  const { url, close } = await serve(createExpress().use(app, tell));
  onTestFinished(close);
  return url;
}
