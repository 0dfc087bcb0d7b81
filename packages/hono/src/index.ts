import {
  type AccessToken,
  createLoginRoute,
  createStrayCatcher,
  type Login,
  type LoginRouteOptions,
  type ProtectedResource,
  type TokenOutcome,
  type TokenRequirements,
  toReply,
  toResponse,
  type Verifier,
} from "@connect/core";
import { type Context, type Env, Hono, type HonoRequest, type MiddlewareHandler, type Next } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/**
 * The Login URI as a Hono handler: `app.get("/auth/login", loginRoute(login, { ... }))`. `authenticate` and `onError`
 * get the Hono context. With `confirm` it takes the page's POST as well: `app.on(["GET", "POST"], "/auth/login", ...)`.
 * Throws `invalid_config` where the options are at fault; what `authenticate` throws reaches `app.onError`.
 */
export function loginRoute<E extends Env = Env>(
  login: Login,
  options: LoginRouteOptions<Context<E>>,
): (c: Context<E>) => Promise<Response> {
  const route = createLoginRoute(login, options);
  return async (c) => toResponse(toReply(await route(c.req.raw, c)));
}

/**
 * Middleware that sends logins that landed on another path to the Login URI: `app.use(catchStray("/auth/login"))`. For
 * applications whose pages use no query parameter `external_auth_id` themselves.
 */
export function catchStray(loginPath: string): MiddlewareHandler {
  const findStray = createStrayCatcher(loginPath);
  return async (c, next) => {
    const outcome = findStray(c.req.raw);
    return outcome === null ? next() : toResponse(toReply(outcome));
  };
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
  const guard = verifier.guard(requirements);

  function admit(c: Context<TokenEnv<Claims>>, next: Next, outcome: TokenOutcome<Claims>): Promise<void> {
    if (outcome.type !== "authorized") {
      const reply = toReply(outcome);
      throw new HTTPException(reply.status as ContentfulStatusCode, {
        res: toResponse(reply),
        message: outcome.error.description,
        cause: outcome.error,
      });
    }
    c.set("accessToken", outcome.accessToken);
    return next();
  }

  return (c, next) => {
    const outcome = guard(c.req.raw, () => readJson(c.req));
    return "type" in outcome ? admit(c, next, outcome) : outcome.then((settled) => admit(c, next, settled));
  };
}

/** The body as JSON, so that whoever comes next can read it too. */
function readJson(request: HonoRequest): Promise<unknown> {
  return request.raw.bodyUsed ? request.json() : request.raw.clone().json();
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
