import { describeAdapter } from "@connect/adapter-contract";
import { createApplication } from "@connect/adapter-contract/application";
import { catchStray, loginRoute, requireToken, resourceRoute } from "@connect/core/web";
import { type ServerType, serve } from "@hono/node-server";

describeAdapter("@connect/core/web", async (authkitUrl) => {
  const application = createApplication(authkitUrl);
  const {
    login,
    verifier,
    verifierWithoutKeys,
    loginOptions,
    confirmOptions,
    resumeOptions,
    scopes,
    authenticate,
    onError,
    describe,
  } = application;
  const route = {
    authenticate: (request: Request, context: Parameters<typeof authenticate>[1]) =>
      authenticate(request.headers, context),
    onError,
  };
  const me = (_: Request, accessToken: Parameters<typeof describe>[0]) =>
    describe(accessToken).then(Response.json);
  const routes: Record<string, (request: Request) => Promise<Response>> = {
    "/auth/login": loginRoute(login, { ...loginOptions, ...route }),
    "/auth/strict": loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }),
    "/auth/confirm": loginRoute(login, { ...loginOptions, ...confirmOptions, ...route }),
    "/auth/resume": loginRoute(login, { ...loginOptions, ...resumeOptions, ...route }),
    "/api/me": requireToken(verifier, {}, me),
    "/api/notes": requireToken(verifier, { scopes }, me),
    "/api/unreachable": requireToken(verifierWithoutKeys, {}, me),
    "GET /mcp": requireToken(application.resourceVerifier, {}, me),
    "POST /mcp": requireToken(
      application.resourceVerifier,
      { toolScopes: application.toolScopes },
      async (request, accessToken) =>
        Response.json({ ...(await describe(accessToken)), received: await request.json() }),
    ),
  };
  const published = resourceRoute(application.resource);
  let server: ServerType | undefined;
  const port = await new Promise<number>((resolve) => {
    const fetch = async (request: Request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/stray")
        return catchStray("/auth/login")(request) ?? new Response(null, { status: 404 });
      const route = routes[pathname] ?? routes[`${request.method} ${pathname}`];
      try {
        return (await published(request)) ?? (await route?.(request)) ?? new Response(null, { status: 404 });
      } catch {
        return new Response("handled by the application", { status: 500 });
      }
    };
    server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, (address) => resolve(address.port));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    errorMarker: "handled by the application",
    close: () => new Promise((resolve) => server?.close(() => resolve()) ?? resolve()),
  };
});
