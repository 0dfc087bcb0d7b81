// mcp.mjs, with Hono
import { createLogin, createProtectedResource, createVerifier, toAuthInfo } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { serve } from "@hono/node-server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { Hono } from "hono";

const authkitUrl = process.env.AUTHKIT_URL ?? "http://localhost:4000";
const resource = createProtectedResource({ resource: "http://localhost:3000/mcp", authkitUrl });
const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message),
});
const login = createLogin({
  apiKey: process.env.WORKOS_API_KEY ?? "",
  authkitUrl,
  apiUrl: process.env.WORKOS_API_URL ?? "https://api.workos.com",
});

const mcp = createMcpHandler(({ authInfo }) => {
  const server = new McpServer({ name: "notes", version: "1.0.0" });
  server.registerTool("whoami", { description: "Says whose token this is." }, async () => ({
    content: [{ type: "text", text: `Connected by ${authInfo?.clientId}.` }],
  }));
  return server;
});

const app = new Hono();

// What clients look for: where the tokens come from.
app.route("/", resourceRoutes(resource));
// The Login URI. Everybody is Ada here; in your application, ask your session.
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    authenticate: () => ({ user: { id: "usr_ada", email: "ada@example.com" } }),
  }),
);
// The MCP server, for requests with a good token.
app.all("/mcp", requireToken(verifier), (c) =>
  mcp.fetch(c.req.raw, { authInfo: toAuthInfo(c.var.accessToken, resource) }),
);

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "localhost" }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
