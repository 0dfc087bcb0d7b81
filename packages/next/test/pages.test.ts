import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createApplication, describeAdapter } from "@connect/adapter-contract";
import { catchStray } from "@connect/next";
import { loginRoute, requireToken, resourceRoute } from "@connect/next/pages";
import type { NextApiHandler, NextApiRequest, NextApiResponse } from "next";
import { NextRequest } from "next/server.js";

/** As Next's own parser does it. */
async function parseBody(incoming: IncomingMessage): Promise<unknown> {
  const type = incoming.headers["content-type"] ?? "";
  const content = await text(incoming);
  if (type.startsWith("application/json")) return JSON.parse(content || "{}");
  return type.startsWith("application/x-www-form-urlencoded")
    ? Object.fromEntries(new URLSearchParams(content))
    : content;
}

/** The API routes alone. */
describeAdapter("@connect/next/pages, API routes", async (authkitUrl) => {
  const application = createApplication(authkitUrl);
  const { login, loginOptions, confirmOptions, resumeOptions, verifier, resourceVerifier } = application;
  const route = {
    authenticate: (request: NextApiRequest, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate({ get: (name) => request.headers[name]?.toString() ?? null }, context),
    onError: application.onError,
  };
  const me = async (
    request: NextApiRequest,
    response: NextApiResponse,
    accessToken: Parameters<typeof application.describe>[0],
  ) => {
    const received = request.method === "POST" ? { received: request.body } : {};
    response.end(JSON.stringify({ ...(await application.describe(accessToken)), ...received }));
  };
  const handlers: Record<string, NextApiHandler> = {
    "/auth/login": loginRoute(login, { ...loginOptions, ...route }),
    "/auth/strict": loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }),
    "/auth/confirm": loginRoute(login, { ...loginOptions, ...confirmOptions, ...route }),
    "/auth/resume": loginRoute(login, { ...loginOptions, ...resumeOptions, ...route }),
    "/api/me": requireToken(verifier, {}, me),
    "/api/notes": requireToken(verifier, { scopes: application.scopes }, me),
    "/api/unreachable": requireToken(application.verifierWithoutKeys, {}, me),
    "/mcp": requireToken(resourceVerifier, { toolScopes: application.toolScopes }, me),
  };
  const published = resourceRoute(application.resource);
  const stray = catchStray("/auth/login");

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    // Next takes no second slash at the beginning for that of another host.
    const { pathname, href } = new URL((incoming.url ?? "/").replace(/^[/\\]+/, "/"), "http://127.0.0.1");
    if (pathname.startsWith("/stray")) {
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
      const answer = stray(new NextRequest(href, { method: incoming.method ?? "GET", headers }));
      const location = answer?.headers.get("location")?.replace(/^https?:..[^/]+/, "");
      outgoing.writeHead(answer?.status ?? 404, {
        ...Object.fromEntries(answer?.headers ?? []),
        ...(location && { location }),
      });
      outgoing.end();
      return;
    }
    // As where its route switches Next's parser off; in the real Next, the parser is on for all routes.
    const body = pathname === "/auth/confirm" ? undefined : await parseBody(incoming);
    const status = (code: number) => Object.assign(outgoing, { statusCode: code });
    const [request, response] = [Object.assign(incoming, { body }), Object.assign(outgoing, { status })];
    const handler = pathname.startsWith("/.well-known/") ? published : handlers[pathname];
    if (handler === undefined) outgoing.writeHead(404).end();
    else await handler(request as unknown as NextApiRequest, response as unknown as NextApiResponse);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      response.statusCode = 500;
      response.end("caught by the server");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`,
    errorMarker: "caught by the server",
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
});
