import type { User } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type Context, Hono } from "hono";
import { login, resource, verifier } from "./connect.js";

type MaybeUser = User | null | undefined;

export interface ConnectOptions {
  /** Who is signed in, by your own session. */
  currentUser(c: Context): MaybeUser | Promise<MaybeUser>;
  /** Your sign-in page. It gets `return_to`, the path to send the browser to afterwards. */
  signInUrl: string;
}

/** The Login URI, a route for access tokens alone, and what MCP clients look for. Mount it at the root. */
export function connectRoutes({ currentUser, signInUrl }: ConnectOptions) {
  const app = new Hono();
  app.get(
    "/auth/login",
    loginRoute(login, {
      signInUrl,
      fallbackUrl: "/",
      authenticate: async (c) => {
        const user = await currentUser(c);
        return user && { user };
      },
      onError: (error) => console.warn(error.message), // never holds a secret
    }),
  );
  app.route("/", resourceRoutes(resource));
  app.get("/api/me", requireToken(verifier, { scopes: ["openid"] }), (c) =>
    c.json({ subject: c.var.accessToken.subject }),
  );
  return app;
}
