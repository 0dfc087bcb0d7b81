import type { User } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/express";
import { type Request, Router } from "express";
import { login, resource, verifier } from "./connect.js";

type MaybeUser = User | null | undefined;

export interface ConnectOptions {
  /** Who is signed in, by your own session. */
  currentUser(request: Request): MaybeUser | Promise<MaybeUser>;
  /** Your sign-in page. It gets `return_to`, the path to send the browser to afterwards. */
  signInUrl: string;
}

/** The Login URI, a route for access tokens alone, and what MCP clients look for. Use it at the root. */
export function connectRoutes({ currentUser, signInUrl }: ConnectOptions): Router {
  const router = Router();
  router.get(
    "/auth/login",
    loginRoute(login, {
      signInUrl,
      fallbackUrl: "/",
      authenticate: async (request) => {
        const user = await currentUser(request);
        return user && { user };
      },
      onError: (error) => console.warn(error.message), // never holds a secret
    }),
  );
  router.use(resourceRoutes(resource));
  const guard = requireToken(verifier, { scopes: ["openid"] });
  router.get("/api/me", guard, (request, response) => {
    response.json({ subject: guard.accessToken(request).subject });
  });
  return router;
}
