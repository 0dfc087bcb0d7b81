import { ExpressAuth, type ExpressAuthConfig, getSession } from "@auth/express";
import * as express from "@connect/express";
import { fromAuthJs } from "@connect/sessions/auth-js";
import createExpress, { type RequestHandler } from "express";
import { describe, expect, it } from "vitest";
import { authConfig } from "../examples/auth-js/auth-config.js";
import { route } from "../examples/auth-js/route.js";
import { login } from "../examples/login.js";
import { findUser } from "../examples/users.js";
import { serveForTest } from "./support/express.js";
import { failureOf, itLooksUp } from "./support/look-up.js";
import { toSignIn, visitLogin } from "./support/outcome.js";
import { browse, cookiesOf, type Visit } from "./support/serve.js";

async function signIn(
  userId: string | undefined,
  loginRoute: RequestHandler = route,
  config: ExpressAuthConfig = authConfig,
): Promise<Visit> {
  const app = createExpress();
  app.get("/auth/login", loginRoute);
  app.use("/auth", ExpressAuth(config));
  const url = await serveForTest(app);
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

function routeWith(config: ExpressAuthConfig) {
  return express.loginRoute(login, {
    signInUrl: "/sign-in",
    authenticate: fromAuthJs(
      (request) => getSession(request, config),
      ({ id }) => findUser(id),
      { verifyEmailUrl: "/verify-email" },
    ),
  });
}

describe("with Auth.js", () => {
  itLooksUp((userId) => signIn(userId));

  it("a session that somebody else sealed is not signed in", async () => {
    const theirs = { ...authConfig, secret: "another secret, of 32 characters." };
    expect(await visitLogin(await signIn("ada", route, theirs))).toEqual(toSignIn);
  });

  it("a session without the user's id is an error that names the callback, not a way round the sign-in page", async () => {
    const { callbacks: _, ...config } = authConfig;
    expect(await failureOf(await signIn("ada", routeWith(config), config))).toBe(
      "The configuration is not valid. (session.user.id is missing: the session callback of Auth.js " +
        "(callbacks.session) must set it)",
    );
  });

  it("a configuration that Auth.js refuses is the application's error, not a way round the sign-in page", async () => {
    const { secret: _, ...config } = { ...authConfig, logger: { error: () => {} } };
    expect(await failureOf(await signIn(undefined, routeWith(config)))).toContain("server configuration");
  });

  it("a page that verifies addresses must be named", () => {
    expect(() =>
      fromAuthJs(
        () => null,
        () => null,
        {} as never,
      ),
    ).toThrow("verifyEmailUrl: must be a string or a function");
  });
});
