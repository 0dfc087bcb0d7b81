import type { Login } from "../login/login.js";
import { createLoginRoute, type LoginRouteOptions } from "../login/route.js";
import { createStrayCatcher } from "../login/stray.js";
import { toReply, toResponse } from "../reply.js";
import type { ProtectedResource } from "../resource/resource.js";
import type { AccessToken } from "../token/claims.js";
import type { TokenRequirements } from "../token/requirements.js";
import type { Verifier } from "../token/verifier.js";

/**
 * The Login URI as a `Request -> Response` handler: Workers, Bun, Deno, SvelteKit, Astro and the like. Mount it for
 * GET, and with `confirm` for POST too. Throws `invalid_config` where the options are at fault; the handler throws what `authenticate` throws.
 */
export function loginRoute<NativeRequest extends Request = Request>(
  login: Login,
  options: LoginRouteOptions<NativeRequest>,
): (request: NativeRequest) => Promise<Response> {
  const route = createLoginRoute(login, options);
  return async (request) => toResponse(toReply(await route(request, request)));
}

/**
 * Sends logins that landed on another path to the Login URI, as a handler to ask first: `null` means that the request is
 * for something else. For applications whose pages use no query parameter `external_auth_id` themselves.
 */
export function catchStray(loginPath: string): (request: Request) => Response | null {
  const findStray = createStrayCatcher(loginPath);
  return (request) => {
    const outcome = findStray(request);
    return outcome === null ? null : toResponse(toReply(outcome));
  };
}

/**
 * Wraps a handler so that it runs only for requests with a good access token. The handler gets the verified token
 * after the request; further arguments (Workers' `env` and `ctx`, a router's context) pass through.
 */
export function requireToken<Claims, NativeRequest extends Request = Request, Rest extends unknown[] = []>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements,
  handler: (
    request: NativeRequest,
    accessToken: AccessToken<Claims>,
    ...rest: Rest
  ) => Response | Promise<Response>,
): (request: NativeRequest, ...rest: Rest) => Promise<Response> {
  const guard = verifier.guard(requirements);
  return async (request, ...rest) => {
    // A clone, so that the handler finds the body unread.
    const outcome = await guard(request, () => request.clone().json());
    return outcome.type === "authorized"
      ? handler(request, outcome.accessToken, ...rest)
      : toResponse(toReply(outcome));
  };
}

/**
 * What a protected resource publishes, as a handler to ask first: `null` means that the request is for something else.
 *
 * ```ts
 * const answer = resourceRoute(resource);
 * export default { fetch: async (request) => (await answer(request)) ?? app(request) };
 * ```
 */
export function resourceRoute(resource: ProtectedResource): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const outcome = await resource.handle(request);
    return outcome === null ? null : toResponse(toReply(outcome));
  };
}
