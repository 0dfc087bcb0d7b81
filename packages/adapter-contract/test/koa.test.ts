import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describeAdapter } from "@connect/adapter-contract";
import { createApplication } from "@connect/adapter-contract/application";
import type { AccessToken } from "@connect/core";
import { bodyParser } from "@koa/bodyparser";
import Koa, { type Context, type Middleware } from "koa";
import { expect, it } from "vitest";
import { catchStray, loginRoute, requireToken, resourceRoutes } from "./koa.js";

describeAdapter("the adapter in CONTRIBUTING.md", async (authkitUrl) => {
  const application = createApplication(authkitUrl);
  const { login, verifier, resourceVerifier, loginOptions, scopes, toolScopes, describe } = application;
  const route = {
    authenticate: (ctx: Context, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate({ get: (name) => ctx.get(name) }, context),
    onError: application.onError,
  };
  const me: Middleware<{ accessToken: AccessToken }> = async (ctx) => {
    ctx.body = await describe(ctx.state.accessToken);
  };
  const callTool: Middleware<{ accessToken: AccessToken }> = async (ctx) => {
    ctx.body = { ...(await describe(ctx.state.accessToken)), received: ctx.request.body };
  };

  const app = new Koa();
  // It tells stderr of the requests that Node refuses to parse.
  app.silent = true;
  const on = <State>(place: string, ...middleware: Middleware<State>[]) => {
    const [path, method] = place.split(" ").reverse();
    for (const one of middleware) {
      app.use((ctx, next) =>
        ctx.path === path && (method ?? ctx.method) === ctx.method ? one(ctx as never, next) : next(),
      );
    }
  };
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch {
      ctx.status = 500;
      ctx.body = "handled by the application";
    }
  });
  app.use(resourceRoutes(application.resource));
  on("/auth/login", loginRoute(login, { ...loginOptions, ...route }));
  on("/auth/strict", loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }));
  on("/auth/confirm", loginRoute(login, { ...loginOptions, ...application.confirmOptions, ...route }));
  on("/auth/resume", loginRoute(login, { ...loginOptions, ...application.resumeOptions, ...route }));
  const stray = catchStray("/auth/login");
  app.use((ctx, next) => (ctx.path.startsWith("/stray") ? stray(ctx, next) : next()));
  on("/api/me", requireToken(verifier, {}), me);
  on("/api/notes", requireToken(verifier, { scopes }), me);
  on("/api/unreachable", requireToken(application.verifierWithoutKeys, {}), me);
  on("GET /mcp", requireToken(resourceVerifier, {}), me);
  on("POST /mcp", bodyParser(), requireToken(resourceVerifier, { toolScopes }), callTool);

  const server = createServer(app.callback());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    errorMarker: "handled by the application",
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
});

it("the adapter in CONTRIBUTING.md is the one that is tested", () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");
  expect(read("../../../CONTRIBUTING.md")).toContain(`\`\`\`ts\n${read("koa.ts")}\`\`\`\n`);
});
