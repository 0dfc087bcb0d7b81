import type {
  AccessToken,
  Login,
  LoginRouteOptions,
  ProtectedResource,
  TokenRequirements,
  Verifier,
} from "@connect/core";
import * as web from "@connect/core/web";
import type { NextRequest } from "next/server.js";

/**
 * The Login URI as an App Router route handler: `export const GET = loginRoute(login, { ... })` in
 * `app/auth/login/route.ts`. `authenticate` and `onError` get the `NextRequest`. Throws `invalid_config` where the
 * options are at fault; what `authenticate` throws is Next's to answer. Next serves HEAD from GET handlers: they spend
 * nothing, and neither does a router prefetch.
 */
export function loginRoute(
  login: Login,
  options: LoginRouteOptions<NextRequest>,
): (request: NextRequest) => Promise<Response> {
  return web.loginRoute(login, options);
}

/**
 * Wraps a route handler so that it runs only for requests with a good access token:
 *
 * ```ts
 * export const GET = requireToken(verifier, { scopes: ["notes:read"] }, async (request, accessToken, { params }) => ...);
 * ```
 */
export function requireToken<Claims, Context = unknown>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements,
  handler: (
    request: NextRequest,
    accessToken: AccessToken<Claims>,
    context: Context,
  ) => Response | Promise<Response>,
): (request: NextRequest, context: Context) => Promise<Response> {
  return web.requireToken(verifier, requirements, handler);
}

/** The route handlers of one file, by method. */
export interface ResourceHandlers {
  readonly GET: (request: NextRequest) => Promise<Response>;
  readonly HEAD: (request: NextRequest) => Promise<Response>;
  readonly OPTIONS: (request: NextRequest) => Promise<Response>;
}

/**
 * What a protected resource publishes, as the route handlers of `app/.well-known/[...path]/route.ts`:
 *
 * ```ts
 * export const { GET, HEAD, OPTIONS } = resourceRoute(resource);
 * ```
 *
 * Anything else under `/.well-known` that has no file of its own is answered with 404. Next itself answers other
 * methods, with 405.
 */
export function resourceRoute(resource: ProtectedResource): ResourceHandlers {
  const answer = web.resourceRoute(resource);
  const handler = async (request: NextRequest) =>
    (await answer(request)) ?? new Response(null, { status: 404 });
  return { GET: handler, HEAD: handler, OPTIONS: handler };
}
