import type { IncomingMessage } from "node:http";
import {
  type AccessToken,
  createLoginRoute,
  type Login,
  type ProtectedResource,
  type Reply,
  type RequestView,
  readParsedBody,
  type TokenRequirements,
  toReply,
  type Verifier,
  viewHeaders,
} from "@connect/core";
import type { NextApiHandler, NextApiRequest, NextApiResponse } from "next";
import { createPathPrefixer, type NextLoginRouteOptions } from "./base-path.js";

export type { NextLoginRouteOptions } from "./base-path.js";

/**
 * The Login URI as an API route: `export default loginRoute(login, { ... })` in `pages/api/auth/login.ts`. `authenticate`
 * and `onError` get the `NextApiRequest`. Throws `invalid_config` where the options are at fault; what `authenticate`
 * throws is Next's to answer. An API route takes every method: with `confirm` the page's POST comes here, too.
 */
export function loginRoute(
  login: Login,
  { basePath, ...options }: NextLoginRouteOptions<NextApiRequest>,
): NextApiHandler {
  const route = createLoginRoute(login, options);
  const prefix = createPathPrefixer(basePath);
  return async (request, response) => {
    const { url = "/", body = request } = request;
    // Where Next's parser is switched off, core reads no more of the stream than the form may have.
    const view = { ...viewRequest(request), url: prefix(url), body };
    send(response, toReply(await route(view, request)));
  };
}

/**
 * Wraps an API route so that it runs only for requests with a good access token:
 *
 * ```ts
 * export default requireToken(verifier, { scopes: ["notes:read"] }, async (request, response, accessToken) => ...);
 * ```
 *
 * Several Authorization headers are refused. `toolScopes` look into the body as Next parsed it.
 */
export function requireToken<Claims>(
  verifier: Verifier<Claims>,
  requirements: TokenRequirements,
  handler: (request: NextApiRequest, response: NextApiResponse, accessToken: AccessToken<Claims>) => unknown,
): NextApiHandler {
  const guard = verifier.guard(requirements);
  return async (request, response) => {
    const outcome = await guard(viewRequest(request), () => readParsedBody(request, request.body));
    return outcome.type === "authorized"
      ? handler(request, response, outcome.accessToken)
      : send(response, toReply(outcome));
  };
}

/**
 * The verified access token of a page's request, in `getServerSideProps`: `getAccessToken(context.req, verifier)`.
 * `null` where there is no token, or one that is refused, which the verifier's `onRefusal` is told; where nobody can say
 * (`jwks_unavailable`, `introspection_unavailable`, `deny_list_unavailable`), that error is thrown. Throws
 * `invalid_config` where `requirements` are at fault.
 */
export async function getAccessToken<Claims>(
  request: IncomingMessage,
  verifier: Verifier<Claims>,
  requirements: Omit<TokenRequirements, "toolScopes"> = {},
): Promise<AccessToken<Claims> | null> {
  const outcome = await verifier.authorize(viewRequest(request), requirements);
  if (outcome.type === "unavailable") throw outcome.error;
  return outcome.type === "authorized" ? outcome.accessToken : null;
}

/**
 * What a protected resource publishes, as an API route: `export default resourceRoute(resource)` in
 * `pages/api/well-known/[...path].ts`, with a rewrite from `/.well-known/:path*` in `next.config`. Anything else there is
 * answered with 404.
 */
export function resourceRoute(resource: ProtectedResource): NextApiHandler {
  return async (request, response) => {
    const outcome = await resource.handle(viewRequest(request));
    if (outcome === null) response.status(404).end();
    else send(response, toReply(outcome));
  };
}

function send(response: NextApiResponse, { status, headers, cookies, body }: Reply): void {
  for (const cookie of cookies ?? []) response.appendHeader("set-cookie", cookie);
  response.status(status).setHeaders(new Map(Object.entries(headers)));
  response.end(body);
}

function viewRequest(request: IncomingMessage): RequestView {
  const { method = "GET", url = "/" } = request;
  return { method, url, headers: viewHeaders(request) };
}
