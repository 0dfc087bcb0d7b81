import * as connect from "@connect/core";
import type {} from "@koa/bodyparser"; // for the type of ctx.request.body
import type { Context, Middleware } from "koa";

export function loginRoute(login: connect.Login, options: connect.LoginRouteOptions<Context>): Middleware {
  const route = connect.createLoginRoute(login, options);
  return async (ctx) => send(ctx, await route({ ...view(ctx), body: ctx.req }, ctx));
}

export function catchStray(loginPath: string): Middleware {
  const findStray = connect.createStrayCatcher(loginPath);
  return async (ctx, next) => send(ctx, findStray(view(ctx))) || next();
}

export function resourceRoutes(resource: connect.ProtectedResource): Middleware {
  return async (ctx, next) => send(ctx, await resource.handle(view(ctx))) || next();
}

/** Behind a body parser, where there are `toolScopes`. The token is `ctx.state.accessToken`, typed. */
export function requireToken<Claims>(
  verifier: connect.Verifier<Claims>,
  requirements: connect.TokenRequirements,
): Middleware<{ accessToken: connect.AccessToken<Claims> }> {
  const guard = verifier.guard(requirements);
  return async (ctx, next) => {
    const outcome = await guard(view(ctx), () => connect.readParsedBody(ctx.req, ctx.request.body));
    if (outcome.type !== "authorized") return send(ctx, outcome);
    ctx.state.accessToken = outcome.accessToken;
    return next();
  };
}

function view({ method, originalUrl: url, req }: Pick<Context, "method" | "originalUrl" | "req">) {
  return { method, url, headers: connect.viewHeaders(req) };
}

function send(ctx: Pick<Context, "set" | "response">, outcome: Parameters<typeof connect.toReply>[0] | null) {
  if (outcome === null) return false;
  const { status, headers, cookies, body } = connect.toReply(outcome);
  ctx.set({ ...headers, ...(cookies && { "set-cookie": [...cookies] }) });
  Object.assign(ctx.response, { body: body ?? null, status }); // in this order: a body of null sets a status, too
  return true;
}
