import type { User } from "@connect/core";
import { loginRoutes, requireToken, resourceRoutes } from "@connect/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { login, resource, verifier } from "./connect.js";

type MaybeUser = User | null | undefined;

export interface ConnectOptions {
  /** Who is signed in, by your own session. */
  currentUser(request: FastifyRequest): MaybeUser | Promise<MaybeUser>;
  /** Your sign-in page. It gets `return_to`, the path to send the browser to afterwards. */
  signInUrl: string;
}

/** The Login URI, a route for access tokens alone, and what MCP clients look for. Register it at the root. */
export function connectRoutes({ currentUser, signInUrl }: ConnectOptions) {
  return async (app: FastifyInstance) => {
    app.register(
      loginRoutes(login, {
        path: "/auth/login",
        signInUrl,
        fallbackUrl: "/",
        authenticate: async (request) => {
          const user = await currentUser(request);
          return user && { user };
        },
        onError: (error) => console.warn(error.message), // never holds a secret
      }),
    );
    app.register(resourceRoutes(resource));
    const guard = requireToken(verifier, { scopes: ["openid"] });
    app.get("/api/me", { onRequest: guard }, async (request) => ({
      subject: guard.accessToken(request).subject,
    }));
  };
}
