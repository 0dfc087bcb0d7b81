// mcp.mjs, for Request and Response
import { createLogin, createProtectedResource, createVerifier, toAuthInfo } from "@connect/core";
import { loginRoute, requireToken, resourceRoute } from "@connect/core/web";
import { serve } from "@hono/node-server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";

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

// What clients look for: where the tokens come from.
const publish = resourceRoute(resource);
// The Login URI. Everybody is Ada here; in your application, ask your session.
const completeLogin = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: () => ({ user: { id: "usr_ada", email: "ada@example.com" } }),
});
// The MCP server, for requests with a good token.
const serveMcp = requireToken(verifier, {}, (request, accessToken) =>
  mcp.fetch(request, { authInfo: toAuthInfo(accessToken, resource) }),
);

async function handle(/** @type {Request} */ request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/auth/login") return completeLogin(request);
  if (pathname === "/mcp") return serveMcp(request);
  return (await publish(request)) ?? new Response(null, { status: 404 });
}

// On Node; elsewhere `handle` is what your platform calls.
serve({ fetch: handle, port: Number(process.env.PORT ?? 3000), hostname: "localhost" }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
