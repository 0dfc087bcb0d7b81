// app/mcp/route.js, of Next.js
import { toAuthInfo } from "@connect/core";
import { requireToken } from "@connect/next";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { resource, verifier } from "../../resource.js";

const mcp = createMcpHandler(({ authInfo }) => {
  const server = new McpServer({ name: "notes", version: "1.0.0" });
  server.registerTool("whoami", { description: "Says whose token this is." }, async () => ({
    content: [{ type: "text", text: `Connected by ${authInfo?.clientId}.` }],
  }));
  return server;
});

// For requests with a good token.
const serve = requireToken(verifier, {}, (request, accessToken) =>
  mcp.fetch(request, { authInfo: toAuthInfo(accessToken, resource) }),
);

export { serve as GET, serve as POST };
