import type { User } from "@connect/core";
import { loginRoute, requireToken, resourceRoute } from "@connect/core/web";
import { login, resource, verifier } from "./connect.js";

type MaybeUser = User | null | undefined;

export interface ConnectOptions {
  /** Who is signed in, by your own session. */
  currentUser(request: Request): MaybeUser | Promise<MaybeUser>;
  /** Your sign-in page. It gets `return_to`, the path to send the browser to afterwards. */
  signInUrl: string;
}

/** The Login URI, a route for access tokens alone, and what MCP clients look for; `null` for any other request. */
export function connectRoutes({ currentUser, signInUrl }: ConnectOptions) {
  const visit = loginRoute(login, {
    signInUrl,
    fallbackUrl: "/",
    authenticate: async (request) => {
      const user = await currentUser(request);
      return user && { user };
    },
    onError: (error) => console.warn(error.message), // never holds a secret
  });
  const me = requireToken(verifier, { scopes: ["openid"] }, (_request, accessToken) =>
    Response.json({ subject: accessToken.subject }),
  );
  const metadata = resourceRoute(resource);
  return async (request: Request): Promise<Response | null> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/auth/login") return visit(request);
    if (pathname === "/api/me") return me(request);
    return metadata(request);
  };
}
