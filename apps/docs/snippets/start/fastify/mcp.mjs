// mcp.mjs, with Fastify
import { createLogin, createProtectedResource, createVerifier, toAuthInfo } from "@connect/core";
import { loginRoutes, requireToken, resourceRoutes } from "@connect/fastify";
import { toWebRequest } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import Fastify from "fastify";

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

const app = Fastify();

// What clients look for: where the tokens come from.
app.register(resourceRoutes(resource));
// The Login URI. Everybody is Ada here; in your application, ask your session.
app.register(
  loginRoutes(login, {
    path: "/auth/login",
    signInUrl: "/sign-in",
    authenticate: () => ({ user: { id: "usr_ada", email: "ada@example.com" } }),
  }),
);
// The MCP server, for requests with a good token.
const guard = requireToken(verifier);
app.all("/mcp", { onRequest: guard }, async (request) => {
  const raw = /** @type {import("@modelcontextprotocol/node").NodeIncomingMessageLike} */ (request.raw);
  const webRequest = await toWebRequest(raw, request.body, { signal: request.signal });
  return mcp.fetch(webRequest, { authInfo: toAuthInfo(guard.accessToken(request), resource) });
});

const port = Number(process.env.PORT ?? 3000);
await app.listen({ port, host: "localhost" });
console.log(`http://localhost:${port}`);
