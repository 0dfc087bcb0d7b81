import { toAuthInfo } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type Reply, toolScopes } from "example-product";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { authenticate, login, mcp, mcpVerifier, resource, site, verifier } from "./connect.js";

export const app = new Hono();

// Connect: the Login URI, a protected API, and a protected MCP endpoint.
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (c) => authenticate(c.req.raw.headers),
    onError: (error) => console.error(`login failed: ${error.code}`),
  }),
);
app.get("/api/me", requireToken(verifier), (c) => {
  const { subject, scopes, claims } = c.var.accessToken;
  return c.json({ subject, scopes, tenant: claims["urn:example:tenant"] ?? null });
});

app.route("/", resourceRoutes(resource));
app.all(
  "/mcp",
  cors({ origin: "*", exposeHeaders: ["WWW-Authenticate", "Mcp-Session-Id", "Mcp-Protocol-Version"] }),
  requireToken(mcpVerifier, { toolScopes }),
  (c) => mcp.fetch(c.req.raw, { authInfo: toAuthInfo(c.var.accessToken, resource) }),
);

// The product itself.
app.get("/", async (c) => send(await site.home(c.req.raw.headers)));
app.get("/sign-in", (c) => send(site.signInForm(c.req.query("return_to"))));
app.post("/sign-in", async (c) => send(await site.signIn(c.req.raw.headers, await c.req.parseBody())));
app.post("/sign-out", (c) => send(site.signOut(c.req.raw.headers)));
app.get("/connected-apps", async (c) => send(await site.connectedApps(c.req.raw.headers)));
app.post("/connected-apps", async (c) =>
  send(await site.disconnect(c.req.raw.headers, await c.req.parseBody())),
);

function send({ status, headers, body }: Reply): Response {
  return new Response(body, { status, headers });
}
