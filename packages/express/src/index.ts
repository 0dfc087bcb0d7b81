import type { IncomingMessage } from "node:http";
import {
  type AccessToken,
  createLoginRoute,
  createStrayCatcher,
  createTokenSlot,
  type Login,
  type LoginRouteOptions,
  type ProtectedResource,
  type Reply,
  type RequestView,
  readParsedBody,
  type TokenOutcome,
  type TokenRequirements,
  toAuthInfo,
  toReply,
  type Verifier,
  viewHeaders,
} from "@connect/core";
import type { NextFunction, Request, RequestHandler, Response } from "express";

/**
 * The Login URI as an Express handler: `app.get("/auth/login", loginRoute(login, { ... }))`. `authenticate` and `onError`
 * get the Express request. Throws `invalid_config` where the options are at fault; what `authenticate` throws goes to
 * `next`. Express sends HEAD requests to GET handlers: they spend nothing.
 *
 * With `confirm` it takes the page's POST as well, whether `express.urlencoded()` came before it or not:
 *
 * ```ts
 * app.route("/auth/login").get(handler).post(handler);
 * ```
 */
export function loginRoute(login: Login, options: LoginRouteOptions<Request>): RequestHandler {
  const route = createLoginRoute(login, options);
  return (request, response, next) =>
    attempt(next, async () => {
      // Core reads no more of the stream than the form may have.
      const body = request.readableEnded ? request.body : request;
      send(response, toReply(await route({ ...viewRequest(request), body }, request)));
    });
}

/**
 * Middleware that sends logins that landed on another path to the Login URI: `app.use(catchStray("/auth/login"))`. For
 * applications whose pages use no query parameter `external_auth_id` themselves.
 */
export function catchStray(loginPath: string): RequestHandler {
  const findStray = createStrayCatcher(loginPath);
  return (request, response, next) => {
    const outcome = findStray(viewRequest(request));
    if (outcome === null) next();
    else send(response, toReply(outcome));
  };
}

/** Middleware that leaves the types of the route it stands in as they are. */
type Middleware = <Params>(request: Request<Params>, response: Response, next: NextFunction) => void;

/**
 * Middleware that refuses requests without a good access token, and hands out the token of those that had one. For
 * `app.use`, a router or a route; with `toolScopes` behind `express.json()`.
 */
export interface TokenGuard<Claims> extends Middleware {
  /** The verified token of a request that this guard let through. Throws for any other request. */
  accessToken(request: IncomingMessage): AccessToken<Claims>;
}

/**
 * Makes middleware that lets only requests with a good access token through:
 *
 * ```ts
 * const guard = requireToken(verifier, { scopes: ["notes:read"] });
 * app.get("/notes", guard, async (request, response) => {
 *   response.json(await notesOf(guard.accessToken(request).subject));
 * });
 * ```
 *
 * A refusal is answered here; the verifier's `onRefusal` is told why. The token is typed by the verifier, so two
 * verifiers in one application keep their types, and nothing is declared on every request of the process.
 */
export function requireToken<Claims>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements = {},
): TokenGuard<Claims> {
  const decide = verifier.guard(requirements);
  const slot = createTokenSlot<Claims>();

  function guard<Params>(request: Request<Params>, response: Response, next: NextFunction): void {
    function admit(outcome: TokenOutcome<Claims>): void {
      if (outcome.type === "authorized") {
        slot.put(request, outcome.accessToken);
        next();
      } else {
        send(response, toReply(outcome));
      }
    }
    attempt(next, () => {
      const outcome = decide(viewRequest(request), () => readParsedBody(request, request.body));
      return "type" in outcome ? admit(outcome) : outcome.then(admit);
    });
  }

  return Object.assign(guard, { accessToken: slot.get });
}

/**
 * Middleware that tells an MCP server who calls, where the MCP SDK looks for it: `request.auth` is
 * `toAuthInfo(accessToken, resource)`. It comes after the guard whose token it is.
 */
export function attachAuthInfo<Claims>(guard: TokenGuard<Claims>, resource?: ProtectedResource): Middleware {
  return (request, _response, next) => {
    Object.assign(request, { auth: toAuthInfo(guard.accessToken(request), resource) });
    next();
  };
}

/**
 * What a protected resource publishes, as middleware for the root: `app.use(resourceRoutes(resource))`. Requests for
 * anything else pass through to what follows.
 */
export function resourceRoutes(resource: ProtectedResource): RequestHandler {
  return (request, response, next) => {
    // Most requests are for something else, and need not wait.
    if (!request.originalUrl.includes("/.well-known/")) return next();
    attempt(next, async () => {
      const outcome = await resource.handle(viewRequest(request));
      if (outcome === null) next();
      else send(response, toReply(outcome));
    });
  };
}

/** Does a handler's work; whatever is thrown is the application's, and goes to `next` in Express 4 as in 5. */
function attempt(next: NextFunction, work: () => void | Promise<void>): void {
  const fail = (thrown: unknown) => {
    // To `next`, these mean "go on", and a guard would let its request through.
    const isWord = !thrown || thrown === "route" || thrown === "router";
    next(isWord ? new Error("What was thrown is no error.", { cause: thrown }) : thrown);
  };
  try {
    work()?.catch(fail);
  } catch (thrown) {
    fail(thrown);
  }
}

function send(response: Response, { status, headers, cookies, body }: Reply): void {
  if (cookies !== undefined) response.append("set-cookie", [...cookies]);
  // Not `send`: it would give an ETag to pages that nobody is to keep.
  response.status(status).set(headers).end(body);
}

function viewRequest(request: Request<unknown>): RequestView {
  return { method: request.method, url: request.originalUrl, headers: viewHeaders(request) };
}
