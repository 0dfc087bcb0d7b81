import { createApplication, describeAdapter } from "@connect/adapter-contract";
import { catchStray, loginRoute, loginRoutes, requireToken, resourceRoutes } from "@connect/fastify";
import formbody from "@fastify/formbody";
import Fastify, { type FastifyRequest } from "fastify";

/**
 * Mounts the suite's routes: the Login URI as a route of the application's or as a plugin, and with Fastify's own error
 * handler or one of the application's.
 */
function mount({ withErrorHandler, asPlugin }: { withErrorHandler: boolean; asPlugin: boolean }) {
  return async (authkitUrl: string) => {
    const application = createApplication(authkitUrl);
    const { login, verifier, loginOptions, confirmOptions, resumeOptions, describe } = application;
    const route = {
      authenticate: (request: FastifyRequest, context: Parameters<typeof application.authenticate>[1]) =>
        application.authenticate({ get: (name) => String(request.headers[name] ?? "") }, context),
      onError: application.onError,
    };
    const guard = requireToken(verifier);
    const notes = requireToken(verifier, { scopes: application.scopes });
    const unreachable = requireToken(application.verifierWithoutKeys);

    const mcp = requireToken(application.resourceVerifier);
    const tools = requireToken(application.resourceVerifier, { toolScopes: application.toolScopes });

    const app = Fastify();
    if (withErrorHandler) {
      app.setErrorHandler((error: Error & { status?: number; headers?: Record<string, string> }, _, reply) =>
        reply
          .code(error.status ?? 500)
          .headers(error.headers ?? {})
          .send({ handled: "by setErrorHandler" }),
      );
    }
    const catchOnRequest = catchStray("/auth/login");
    app.addHook("onRequest", (request, reply, done) =>
      new URL(request.url, "http://127.0.0.1").pathname === "/stray"
        ? catchOnRequest(request, reply, done)
        : done(),
    );
    const logins = {
      "/login": loginOptions,
      "/strict": { signInUrl: loginOptions.signInUrl },
      "/confirm": { ...loginOptions, ...confirmOptions },
      "/resume": { ...loginOptions, ...resumeOptions },
    };
    if (!asPlugin) app.register(formbody);
    for (const [path, options] of Object.entries(logins)) {
      if (asPlugin) {
        app.register(loginRoutes(login, { path, ...options, ...route }), { prefix: "/auth" });
      } else {
        const method = path === "/confirm" ? ["GET", "POST"] : "GET";
        app.route({ method, url: `/auth${path}`, handler: loginRoute(login, { ...options, ...route }) });
      }
    }
    app.get("/api/me", { onRequest: guard }, (request) => describe(guard.accessToken(request)));
    app.get("/api/notes", { preHandler: notes }, (request) => describe(notes.accessToken(request)));
    app.get("/mcp", { onRequest: mcp }, (request) => describe(mcp.accessToken(request)));
    app.post("/mcp", { preHandler: tools }, async (request) => ({
      ...(await describe(tools.accessToken(request))),
      received: request.body,
    }));
    app.register(resourceRoutes(application.resource));
    app.register(async (api) => {
      api.addHook("onRequest", unreachable);
      api.get("/api/unreachable", (request) => describe(unreachable.accessToken(request)));
    });
    return {
      url: await app.listen({ port: 0, host: "127.0.0.1" }),
      errorMarker: withErrorHandler ? "by setErrorHandler" : "Internal Server Error",
      differences: { errors: "with the address" } as const,
      close: () => app.close(),
    };
  };
}

describeAdapter("@connect/fastify", mount({ withErrorHandler: false, asPlugin: false }));
describeAdapter(
  "@connect/fastify as plugins, with an error handler",
  mount({ withErrorHandler: true, asPlugin: true }),
);
