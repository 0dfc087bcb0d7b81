import type { Login } from "../login/login.js";
import { createLoginRoute, type LoginRouteOptions } from "../login/route.js";
import { toReply, toResponse } from "../reply.js";
import type { AccessToken } from "../token/claims.js";
import { checkTokenRequirements, type TokenRequirements, type Verifier } from "../token/verifier.js";

/**
 * The Login URI as a `Request -> Response` handler: Workers, Bun, Deno, SvelteKit, Astro and the like. Mount it for
 * GET. Throws `invalid_config` where the options are at fault; the handler throws what `authenticate` throws.
 */
export function loginRoute<NativeRequest extends Request = Request>(
  login: Login,
  options: LoginRouteOptions<NativeRequest>,
): (request: NativeRequest) => Promise<Response> {
  const route = createLoginRoute(login, options);
  return async (request) => toResponse(toReply(await route(request, request)));
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
  checkTokenRequirements(requirements);
  return async (request, ...rest) => {
    const outcome = await verifier.authorize(request, requirements);
    return outcome.type === "authorized"
      ? handler(request, outcome.accessToken, ...rest)
      : toResponse(toReply(outcome));
  };
}
