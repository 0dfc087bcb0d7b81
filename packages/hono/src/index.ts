import {
  type AccessToken,
  createLoginRoute,
  createStrayCatcher,
  type Login,
  type LoginRouteOptions,
  type ProtectedResource,
  type Reply,
  type TokenOutcome,
  type TokenRequirements,
  toReply,
  toResponse,
  type Verifier,
} from "@connect/core";
import {
  type Context,
  type Env,
  Hono,
  type HonoRequest,
  type Input,
  type MiddlewareHandler,
  type Next,
  type TypedResponse,
} from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode, StatusCode } from "hono/utils/http-status";

/**
 * A value, or how to make it where the configuration comes with the requests, as in Cloudflare Workers. It is made once,
 * from the context of the first request; what making it throws reaches `app.onError`, and the next request tries again.
 *
 * ```ts
 * loginRoute((c) => createLogin({ apiKey: env<Bindings>(c).WORKOS_API_KEY, authkitUrl }), { ... });
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: the variables and bindings are the application's, whatever they are.
export type FromContext<Value> = Value | ((c: Context<any>) => Value);

/** What is made of a value: at once, so that mistakes show at start-up, or with the first request. */
function makeFrom<Value extends object, Made>(
  source: FromContext<Value>,
  make: (value: Value) => Made,
): (c: Context) => Made {
  if (typeof source !== "function") {
    const made = make(source);
    return () => made;
  }
  let later: { readonly made: Made } | undefined;
  return (c) => {
    later ??= { made: make(source(c)) };
    return later.made;
  };
}

/**
 * The Login URI as a Hono handler: `app.get("/auth/login", loginRoute(login, { ... }))`. `authenticate` and `onError`
 * get the Hono context. With `confirm` it takes the page's POST as well: `app.on(["GET", "POST"], "/auth/login", ...)`.
 * Throws `invalid_config` where the options are at fault; what `authenticate` throws reaches `app.onError`.
 */
export function loginRoute<E extends Env = Env>(
  login: FromContext<Login>,
  options: LoginRouteOptions<Context<E>>,
): (c: Context<E>) => Promise<Response> {
  const routeFor = makeFrom(login, (made) => createLoginRoute(made, options));
  return async (c) => {
    const { method, url, headers, body, bodyUsed } = c.req.raw;
    // Middleware may have read the form; Hono then has it still.
    const view = { method, url, headers, body: bodyUsed ? await c.req.parseBody() : body };
    return send(c, toReply(await routeFor(c)(view, c)));
  };
}

/**
 * Middleware that sends logins that landed on another path to the Login URI: `app.use(catchStray("/auth/login"))`. For
 * applications whose pages use no query parameter `external_auth_id` themselves.
 */
export function catchStray(loginPath: string): MiddlewareHandler {
  const findStray = createStrayCatcher(loginPath);
  return async (c, next) => {
    const outcome = findStray(c.req.raw);
    return outcome === null ? next() : send(c, toReply(outcome));
  };
}

/** What {@link requireToken} leaves in the context, typed for the routes behind it. */
export interface TokenEnv<Claims> extends Env {
  Variables: { accessToken: AccessToken<Claims> };
}

/** What a client reads of a refusal: RFC 6750's and AuthKit's names, and a sentence. For Hono's RPC client. */
export type RefusalResponse = Response &
  TypedResponse<{ error: string; error_description: string }, 400 | 401 | 403 | 503, "json">;

/**
 * Middleware that lets only requests with a good access token through; behind it `c.var.accessToken` is set and
 * typed. A refusal is an `HTTPException` that carries the finished response, with the `ConnectError` as its `cause`,
 * so `app.onError` sees it like any other. An RPC client knows of it: `response.ok` tells the route's answer from it.
 */
export function requireToken<Claims>(
  verifier: FromContext<Verifier<Claims>>,
  requirements: TokenRequirements = {},
): MiddlewareHandler<TokenEnv<Claims>, string, Input, RefusalResponse> {
  const guardFor = makeFrom(verifier, (made) => made.guard(requirements));

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
    const outcome = guardFor(c)(c.req.raw, () => readJson(c.req));
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
export function resourceRoutes(resource: FromContext<ProtectedResource>): Hono {
  const resourceFor = makeFrom(resource, (made) => made);
  // The prefix, and not the paths: characters of a resource's path mean something to the router.
  return new Hono().all("/.well-known/*", async (c, next) => {
    const outcome = await resourceFor(c).handle(c.req.raw);
    return outcome === null ? next() : send(c, toReply(outcome));
  });
}

/**
 * Sends the answer by the context: of a `Response` made beside it, Hono drops the cookies and overrides the headers with
 * those that middleware set before.
 */
function send(c: Context, { status, headers, cookies = [], body }: Reply): Response {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  for (const cookie of cookies) c.header("set-cookie", cookie, { append: true });
  return c.newResponse(body, status as StatusCode);
}
