import {
  type AccessToken,
  createLoginRoute,
  type Login,
  type ProtectedResource,
  type TokenRequirements,
  toReply,
  toResponse,
  type Verifier,
} from "@connect/core";
import * as web from "@connect/core/web";
import type { NextRequest } from "next/server.js";
import { createPathPrefixer, type NextLoginRouteOptions } from "./base-path.js";

export type { NextLoginRouteOptions } from "./base-path.js";

/**
 * The Login URI as an App Router route handler: `export const GET = loginRoute(login, { ... })` in
 * `app/auth/login/route.ts`. `authenticate` and `onError` get the `NextRequest`; where they ask for a plain `Request`, as
 * a test may make one, the handler takes that, too. Throws `invalid_config` where the options are at fault; what
 * `authenticate` throws is Next's to answer. Next serves HEAD from GET handlers: they spend nothing, and neither does a
 * router prefetch.
 *
 * With `confirm` it takes the page's POST as well:
 *
 * ```ts
 * const route = loginRoute(login, { confirm: true, ... });
 * export { route as GET, route as POST };
 * ```
 */
export function loginRoute<NativeRequest extends Request = NextRequest>(
  login: Login,
  { basePath, ...options }: NextLoginRouteOptions<NativeRequest>,
): (request: NativeRequest) => Promise<Response> {
  const route = createLoginRoute(login, options);
  const prefix = createPathPrefixer(basePath);
  return async (request) => {
    const url = hasBasePath(request) ? request.url : prefix(request.url);
    const { method, headers, body } = request;
    return toResponse(toReply(await route({ method, url, headers, body }, request)));
  };
}

/** On the edge runtime, the address that a handler gets has the base path already. */
function hasBasePath(request: Request | NextRequest): boolean {
  return "nextUrl" in request && request.nextUrl.basePath !== "";
}

/**
 * Sends logins that landed on another path to the Login URI, in `proxy.ts`:
 *
 * ```ts
 * export const proxy = catchStray("/auth/login");
 * ```
 *
 * For applications whose pages use no query parameter `external_auth_id` themselves. It guards nothing: what must be
 * checked is checked in the route handlers.
 */
export function catchStray(loginPath: string): (request: NextRequest) => Response | undefined {
  const answer = web.catchStray(loginPath);
  return (request) => {
    const response = answer(request);
    if (response === null) return undefined;
    // Next takes no path here: it wants the whole address, as it knows its own.
    const location = new URL(response.headers.get("location") ?? "/", request.nextUrl.origin).href;
    response.headers.set("location", location);
    return response;
  };
}

/**
 * Wraps a route handler so that it runs only for requests with a good access token:
 *
 * ```ts
 * export const GET = requireToken(verifier, { scopes: ["notes:read"] }, async (request, accessToken, { params }) => ...);
 * ```
 */
export function requireToken<Claims, Context = unknown, NativeRequest extends Request = NextRequest>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements,
  handler: (
    request: NativeRequest,
    accessToken: AccessToken<Claims>,
    context: Context,
  ) => Response | Promise<Response>,
): (request: NativeRequest, context: Context) => Promise<Response> {
  return web.requireToken(verifier, requirements, handler);
}

/** The route handlers of one file, by method. */
export interface ResourceHandlers {
  readonly GET: (request: Request) => Promise<Response>;
  readonly HEAD: (request: Request) => Promise<Response>;
  readonly OPTIONS: (request: Request) => Promise<Response>;
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
  const handler = async (request: Request) => (await answer(request)) ?? new Response(null, { status: 404 });
  return { GET: handler, HEAD: handler, OPTIONS: handler };
}
