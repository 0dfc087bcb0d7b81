import {
  type AccessToken,
  checkTokenRequirements,
  createLoginRoute,
  type Login,
  type LoginRouteOptions,
  type ProtectedResource,
  type TokenRequirements,
  toReply,
  toResponse,
  type Verifier,
} from "@connect/core";
import { type Context, type Env, Hono, type MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/**
 * The Login URI as a Hono handler: `app.get("/auth/login", loginRoute(login, { ... }))`. `authenticate` and `onError`
 * get the Hono context. Throws `invalid_config` where the options are at fault; what `authenticate` throws reaches
 * `app.onError`.
 */
export function loginRoute<E extends Env = Env>(
  login: Login,
  options: LoginRouteOptions<Context<E>>,
): (c: Context<E>) => Promise<Response> {
  const route = createLoginRoute(login, options);
  return async (c) => toResponse(toReply(await route(c.req.raw, c)));
}

/** What {@link requireToken} leaves in the context, typed for the routes behind it. */
export interface TokenEnv<Claims> extends Env {
  Variables: { accessToken: AccessToken<Claims> };
}

/**
 * Middleware that lets only requests with a good access token through; behind it `c.var.accessToken` is set and
 * typed. A refusal is an `HTTPException` that carries the finished response, with the `ConnectError` as its `cause`,
 * so `app.onError` sees it like any other.
 */
export function requireToken<Claims>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements = {},
): MiddlewareHandler<TokenEnv<Claims>> {
  checkTokenRequirements(requirements);
  return createMiddleware<TokenEnv<Claims>>(async (c, next) => {
    const outcome = await verifier.authorize(c.req.raw, requirements);
    if (outcome.type !== "authorized") {
      const reply = toReply(outcome);
      throw new HTTPException(reply.status as ContentfulStatusCode, {
        res: toResponse(reply),
        message: outcome.error.message,
        cause: outcome.error,
      });
    }
    c.set("accessToken", outcome.accessToken);
    await next();
  });
}

/**
 * What a protected resource publishes, as an app for the root: `app.route("/", resourceRoutes(resource))`. Requests for
 * anything else pass through to the routes that follow.
 */
export function resourceRoutes(resource: ProtectedResource): Hono {
  // The prefix, and not the paths: characters of a resource's path mean something to the router.
  return new Hono().all("/.well-known/*", async (c, next) => {
    const outcome = await resource.handle(c.req.raw);
    return outcome === null ? next() : toResponse(toReply(outcome));
  });
}
