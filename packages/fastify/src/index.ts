import {
  type AccessToken,
  type ConnectError,
  createLoginRoute,
  createStrayCatcher,
  createTokenSlot,
  type Login,
  type LoginRouteOptions,
  type NodeBody,
  type NodeHeaders,
  type ProtectedResource,
  type Reply,
  type RequestView,
  readParsedBody,
  type TokenOutcome,
  type TokenRequirements,
  toReply,
  type Verifier,
  viewHeaders,
} from "@connect/core";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";

/** The options of {@link loginRoutes}. */
export interface LoginRoutesOptions extends LoginRouteOptions<FastifyRequest> {
  /** The path of the Login URI; below the plugin's `prefix`, if it has one. */
  readonly path: string;
}

/**
 * The Login URI as a plugin: `app.register(loginRoutes(login, { path: "/auth/login", ... }))`. It sees to what a route of
 * one's own has to think of: with `confirm` it takes the page's POST and reads its form, and the request log has the path
 * without the id. Hooks and decorators of the application, such as a session's, are there; nothing of the plugin is
 * outside it. Throws `invalid_config` where the options are at fault, at once.
 */
export function loginRoutes(login: Login, { path, ...options }: LoginRoutesOptions): FastifyPluginAsync {
  const handler = loginRoute(login, options);
  const method = options.confirm ? ["GET", "POST"] : ["GET"];
  return asPlugin("login", async (app) => {
    // Core reads the form, and no more of it than a form has.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    app.route({ method, url: path, handler, logSerializers: { req: logWithoutQuery } });
  });
}

/** What Fastify logs of a request, but for the query: the Login URI's has the `external_auth_id`. */
function logWithoutQuery(request: FastifyRequest): Record<string, unknown> {
  const { method, url, host, ip, socket } = request;
  return { method, url: url.split("?", 1)[0], host, remoteAddress: ip, remotePort: socket.remotePort };
}

/** Under a name, and only in the Fastify that it is made for; encapsulated, so that a `prefix` counts. */
function asPlugin(name: string, plugin: FastifyPluginAsync): FastifyPluginAsync {
  return fastifyPlugin(plugin, { name: `@connect/fastify ${name}`, fastify: "5.x", encapsulate: true });
}

/**
 * The Login URI as a Fastify handler, for a route of one's own: `app.get("/auth/login", loginRoute(login, { ... }))`.
 * `authenticate` and `onError` get the Fastify request. Throws `invalid_config` where the options are at fault; what
 * `authenticate` throws reaches the error handler. Fastify sends HEAD requests to GET handlers: they spend nothing.
 *
 * With `confirm` it takes the page's POST as well, for which the application parses forms (`@fastify/formbody`):
 *
 * ```ts
 * app.route({ method: ["GET", "POST"], url: "/auth/login", handler: loginRoute(login, { confirm: true, ... }) });
 * ```
 */
export function loginRoute(
  login: Login,
  options: LoginRouteOptions<FastifyRequest>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const route = createLoginRoute(login, options);
  return async (request, reply) => {
    const view = { ...viewRequest(request), body: request.body };
    return sendReply(reply, toReply(await route(view, request)));
  };
}

/**
 * A hook that sends logins that landed on another path to the Login URI:
 * `app.addHook("onRequest", catchStray("/auth/login"))`. For applications whose pages use no query parameter
 * `external_auth_id` themselves.
 */
export function catchStray(
  loginPath: string,
): (request: FastifyRequest, reply: FastifyReply, done: () => void) => void {
  const findStray = createStrayCatcher(loginPath);
  return (request, reply, done) => {
    const outcome = findStray(viewRequest(request));
    if (outcome === null) done();
    else sendReply(reply, toReply(outcome));
  };
}

/** What a guard looks at: a request of Fastify's, on any of its servers. */
export interface GuardedRequest extends Pick<FastifyRequest, "method" | "originalUrl" | "body"> {
  readonly raw: NodeHeaders & NodeBody;
}

/** A hook that refuses requests without a good access token, and hands out the token of those that had one. */
export interface TokenGuard<Claims> {
  /**
   * For `onRequest` or `preHandler`, of a route or of an encapsulated plugin; also for `@fastify/auth`. With `toolScopes`
   * for `preHandler` alone: before it, there is no body to read. A guard without them as `onRequest` sees to it that a
   * client without a token is told so, whatever its body is.
   */
  (request: GuardedRequest, reply: unknown, done: (error?: Error) => void): void;
  /** The verified token of a request that this guard let through. Throws for any other request. */
  accessToken(request: GuardedRequest): AccessToken<Claims>;
}

/** What a guard throws: answered by Fastify's own error handler, and to be told by `isConnectError` in a custom one. */
export interface TokenRefusal extends ConnectError {
  /** The challenge (`www-authenticate`) or `retry-after`; a custom error handler sends them with its answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Makes a hook that lets only requests with a good access token through:
 *
 * ```ts
 * const guard = requireToken(verifier, { scopes: ["notes:read"] });
 * app.get("/notes", { onRequest: guard }, async (request) => notesOf(guard.accessToken(request).subject));
 * ```
 *
 * A refusal is thrown, as a {@link TokenRefusal}. The token is typed by the verifier, so two
 * verifiers in one application keep their types, and nothing is declared on every request of the process.
 */
export function requireToken<Claims>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements = {},
): TokenGuard<Claims> {
  const decide = verifier.guard(requirements);
  const slot = createTokenSlot<Claims>();

  function guard(request: GuardedRequest, _reply: unknown, done: (error?: Error) => void): void {
    function admit(outcome: TokenOutcome<Claims>): void {
      if (outcome.type === "authorized") {
        slot.put(request, outcome.accessToken);
        done();
      } else {
        done(toRefusal(outcome.error, toReply(outcome).headers));
      }
    }
    // Fastify lets a request on where it is told of nothing, and the application may throw nothing: `Promise.reject()`.
    function fail(thrown: unknown): void {
      done(thrown ? (thrown as Error) : new Error("The application threw nothing."));
    }
    let outcome: ReturnType<typeof decide>;
    try {
      outcome = decide(viewRequest(request), () => readParsedBody(request.raw, request.body));
    } catch (thrown) {
      fail(thrown);
      return;
    }
    if ("type" in outcome) admit(outcome);
    else outcome.then(admit, fail);
  }

  return Object.assign(guard, { accessToken: slot.get });
}

/**
 * What a protected resource publishes, as a plugin for the root: `app.register(resourceRoutes(resource))`. It adds the
 * resource's paths and nothing else.
 */
export function resourceRoutes(resource: ProtectedResource): FastifyPluginAsync {
  return asPlugin("resource", async (app) => {
    // No body is ever read, so none is refused for its type before its method is.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, done) => done(null));
    for (const path of resource.paths) {
      app.all(toRoutePath(path), async (request, reply) => {
        const outcome = await resource.handle(viewRequest(request));
        // Under a prefix, the path is none of the resource's.
        if (outcome === null) return reply.callNotFound();
        return sendReply(reply, toReply(outcome));
      });
    }
  });
}

function sendReply(reply: FastifyReply, { status, headers, cookies, body }: Reply): FastifyReply {
  // After `handlerTimeout`, Fastify has answered: what it then logs of a second answer has the whole address in it.
  if (reply.sent) return reply;
  if (cookies !== undefined) reply.header("set-cookie", cookies);
  return reply.code(status).headers(headers).send(body);
}

/** The path as Fastify's router compares it: decoded, and with colons that begin no parameter. */
function toRoutePath(path: string): string {
  return decodeURI(path).replaceAll(":", "::");
}

function toRefusal(error: ConnectError, { "content-type": _, ...headers }: Reply["headers"]): TokenRefusal {
  // Fastify's handler writes the body from the message; which check failed is for the log alone, in `reason`.
  return Object.assign(error, { headers, message: error.description });
}

function viewRequest(request: GuardedRequest): RequestView {
  return { method: request.method, url: request.originalUrl, headers: viewHeaders(request.raw) };
}
