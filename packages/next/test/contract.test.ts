import { createApplication, describeAdapter } from "@connect/adapter-contract";
import { catchStray, loginRoute, type ResourceHandlers, requireToken, resourceRoute } from "@connect/next";
import { createAdaptorServer } from "@hono/node-server";
import { NextRequest } from "next/server.js";

/** The route handlers alone, given `NextRequest`s as Next's server gives them: quick to run while working on them. */
describeAdapter("@connect/next, route handlers", async (authkitUrl) => {
  const {
    login,
    verifier,
    verifierWithoutKeys,
    loginOptions,
    confirmOptions,
    resumeOptions,
    scopes,
    ...application
  } = createApplication(authkitUrl);
  const route = {
    authenticate: (request: NextRequest, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate(request.headers, context),
    onError: application.onError,
  };
  const me = (_: NextRequest, accessToken: Parameters<typeof application.describe>[0]) =>
    application.describe(accessToken).then((body) => Response.json(body));
  const handlers: Record<string, (request: NextRequest, context: unknown) => Promise<Response>> = {
    "/auth/login": loginRoute(login, { ...loginOptions, ...route }),
    "/auth/strict": loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }),
    "/auth/confirm": loginRoute(login, { ...loginOptions, ...confirmOptions, ...route }),
    "/auth/resume": loginRoute(login, { ...loginOptions, ...resumeOptions, ...route }),
    "/stray": async (request) => {
      const answer = catchStray("/auth/login")(request);
      if (answer === undefined) return new Response(null, { status: 404 });
      // As Next's server does with its own address.
      answer.headers.set(
        "location",
        String(answer.headers.get("location")).replace(request.nextUrl.origin, ""),
      );
      return answer;
    },
    "/api/me": requireToken(verifier, {}, me),
    "/api/notes": requireToken(verifier, { scopes }, me),
    "/api/unreachable": requireToken(verifierWithoutKeys, {}, me),
    "GET /mcp": requireToken(application.resourceVerifier, {}, me),
    "POST /mcp": requireToken(
      application.resourceVerifier,
      { toolScopes: application.toolScopes },
      async (request, accessToken) =>
        Response.json({ ...(await application.describe(accessToken)), received: await request.json() }),
    ),
  };
  const published = resourceRoute(application.resource);
  // As Next does for a method without a handler.
  const refuse = async () => new Response(null, { status: 405 });
  const server = createAdaptorServer({
    fetch: async (request: Request) => {
      const { pathname } = new URL(request.url);
      const handler = pathname.startsWith("/.well-known/")
        ? (published[request.method as keyof ResourceHandlers] ?? refuse)
        : (handlers[pathname.replace(/^\/stray\/.*/, "/stray")] ?? handlers[`${request.method} ${pathname}`]);
      const nextRequest = new NextRequest(request.url, {
        method: request.method,
        headers: request.headers,
        body: request.body,
        duplex: "half",
      });
      if (handler === undefined) return new Response(null, { status: 404 });
      return handler(nextRequest, { params: Promise.resolve({}) }).catch(
        () => new Response("caught by the server", { status: 500 }),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`,
    errorMarker: "caught by the server",
    wrongMethods: "framework",
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
});
