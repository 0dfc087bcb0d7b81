// mcp.mjs, with Express
import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { attachAuthInfo, loginRoute, requireToken, resourceRoutes } from "@connect/express";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import express from "express";

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

const mcp = toNodeHandler(
  createMcpHandler(({ authInfo }) => {
    const server = new McpServer({ name: "notes", version: "1.0.0" });
    server.registerTool("whoami", { description: "Says whose token this is." }, async () => ({
      content: [{ type: "text", text: `Connected by ${authInfo?.clientId}.` }],
    }));
    return server;
  }),
);

const app = express();

// What clients look for: where the tokens come from.
app.use(resourceRoutes(resource));
// The Login URI. Everybody is Ada here; in your application, ask your session.
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    authenticate: () => ({ user: { id: "usr_ada", email: "ada@example.com" } }),
  }),
);
// The MCP server, for requests with a good token. The body is there where a parser has read it.
const guard = requireToken(verifier);
app.all("/mcp", guard, attachAuthInfo(guard, resource), (request, response) =>
  mcp(request, response, request.body),
);

const port = Number(process.env.PORT ?? 3000);
app.listen(port, "localhost", () => console.log(`http://localhost:${port}`));
