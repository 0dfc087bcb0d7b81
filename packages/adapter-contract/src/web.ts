import type { Fetch } from "@connect/core";
import { catchStray, loginRoute, requireToken, resourceRoute } from "@connect/core/web";
import { createApplication } from "./application.js";

/** What the served application answers an exception of the application's own with. */
export const ERROR_MARKER = "handled by the application";

/** The suite's application on `@connect/core/web`: for any server of `Request -> Response`, in any process. */
export function createWebApplication(
  authkitUrl: string,
  fetchOfLogin?: Fetch,
): (request: Request) => Promise<Response> {
  const application = createApplication(authkitUrl, fetchOfLogin);
  const { login, verifier, loginOptions, confirmOptions, resumeOptions, describe } = application;
  const route = {
    authenticate: (request: Request, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate(request.headers, context),
    onError: application.onError,
  };
  const me = (_: Request, accessToken: Parameters<typeof describe>[0]) =>
    describe(accessToken).then((body) => Response.json(body));
  const routes: Record<string, (request: Request) => Promise<Response>> = {
    "/auth/login": loginRoute(login, { ...loginOptions, ...route }),
    "/auth/strict": loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }),
    "/auth/confirm": loginRoute(login, { ...loginOptions, ...confirmOptions, ...route }),
    "/auth/resume": loginRoute(login, { ...loginOptions, ...resumeOptions, ...route }),
    "/api/me": requireToken(verifier, {}, me),
    "/api/notes": requireToken(verifier, { scopes: application.scopes }, me),
    "/api/unreachable": requireToken(application.verifierWithoutKeys, {}, me),
    "GET /mcp": requireToken(application.resourceVerifier, {}, me),
    "POST /mcp": requireToken(
      application.resourceVerifier,
      { toolScopes: application.toolScopes },
      async (request, accessToken) =>
        Response.json({ ...(await describe(accessToken)), received: await request.json() }),
    ),
  };
  const stray = catchStray("/auth/login");
  const published = resourceRoute(application.resource);
  const notFound = () => new Response(null, { status: 404 });

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/stray")) return stray(request) ?? notFound();
    const route = routes[pathname] ?? routes[`${request.method} ${pathname}`];
    try {
      return (await published(request)) ?? (await route?.(request)) ?? notFound();
    } catch {
      return new Response(ERROR_MARKER, { status: 500 });
    }
  };
}
