import { createApplication, describeAdapter } from "@connect/adapter-contract";
import { catchStray, loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type ServerType, serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";

describeAdapter("@connect/hono", async (authkitUrl) => {
  const application = createApplication(authkitUrl);
  const { login, verifier, loginOptions, confirmOptions, resumeOptions, describe } = application;
  const route = {
    authenticate: (c: Context, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate(c.req.raw.headers, context),
    onError: application.onError,
  };

  const app = new Hono()
    .use("/stray/*", catchStray("/auth/login"))
    .get("/auth/login", loginRoute(login, { ...loginOptions, ...route }))
    .get("/auth/strict", loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }))
    .on(["GET", "POST"], "/auth/confirm", loginRoute(login, { ...loginOptions, ...confirmOptions, ...route }))
    .get("/auth/resume", loginRoute(login, { ...loginOptions, ...resumeOptions, ...route }))
    .get("/api/me", requireToken(verifier), async (c) => c.json(await describe(c.var.accessToken)))
    .get("/api/notes", requireToken(verifier, { scopes: application.scopes }), async (c) =>
      c.json(await describe(c.var.accessToken)),
    )
    .get("/api/unreachable", requireToken(application.verifierWithoutKeys), async (c) =>
      c.json(await describe(c.var.accessToken)),
    )
    .get("/mcp", requireToken(application.resourceVerifier), async (c) =>
      c.json(await describe(c.var.accessToken)),
    )
    .post(
      "/mcp",
      requireToken(application.resourceVerifier, { toolScopes: application.toolScopes }),
      async (c) => c.json({ ...(await describe(c.var.accessToken)), received: await c.req.json() }),
    )
    .route("/", resourceRoutes(application.resource))
    .onError((error, c) =>
      error instanceof HTTPException ? error.getResponse() : c.text("handled by app.onError", 500),
    );

  let server: ServerType | undefined;
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) => resolve(address.port));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    errorMarker: "handled by app.onError",
    close: () => new Promise((resolve) => server?.close(() => resolve()) ?? resolve()),
  };
});
