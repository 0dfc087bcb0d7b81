import { verifierWith } from "@connect/adapter-contract";
import { createProtectedResource } from "@connect/core";
import { attachAuthInfo, requireToken } from "@connect/express";
import * as v2Client from "@modelcontextprotocol/client";
import { toNodeHandler } from "@modelcontextprotocol/node";
import * as v1Client from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer as McpServer1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, McpServer as McpServer2 } from "@modelcontextprotocol/server";
import type { RequestHandler } from "express";
import { describe, expect, it } from "vitest";
import { serve, VERSIONS } from "./support/serve.js";

const resource = createProtectedResource({
  resource: "https://api.example.com/mcp",
  authkitUrl: "https://example.authkit.app",
});
const tool = { description: "Says who calls." };
const identity = { name: "test", version: "1.0.0" };
/** What a tool sees of its caller, as text. */
const tell = (authInfo: unknown) => ({
  content: [{ type: "text" as const, text: JSON.stringify(authInfo) }],
});

/** An MCP server of each version of the SDK, as its documentation has it, and a client of the same. */
const sdks: readonly (readonly [string, RequestHandler, (url: URL) => Promise<unknown>])[] = [
  [
    "version 1",
    async (request, response) => {
      const server = new McpServer1(identity);
      server.registerTool("whoami", tool, ({ authInfo }) => tell(authInfo));
      const transport = new StreamableHTTPServerTransport();
      await server.connect(transport);
      await transport.handleRequest(request, response, request.body);
    },
    async (url) => {
      const client = new v1Client.Client(identity);
      await client.connect(new StreamableHTTPClientTransport(url));
      return client.callTool({ name: "whoami" }).finally(() => client.close());
    },
  ],
  [
    "version 2",
    toNodeHandler(
      createMcpHandler(() => {
        const server = new McpServer2(identity);
        server.registerTool("whoami", tool, ({ http }) => tell(http?.authInfo));
        return server;
      }),
    ),
    async (url) => {
      const client = new v2Client.Client(identity);
      await client.connect(new v2Client.StreamableHTTPClientTransport(url));
      return client.callTool({ name: "whoami" }).finally(() => client.close());
    },
  ],
];

describe.each(VERSIONS)("an MCP server behind a guard, %s", (_, express) => {
  it.each(sdks)("knows who calls: SDK %s", async (_, handler, callTool) => {
    const guard = requireToken(verifierWith({ tenant: "a" }));
    const app = express();
    app.all("/mcp", guard, attachAuthInfo(guard, resource), handler);
    const served = await serve(app);
    try {
      const { content } = (await callTool(new URL(`${served.url}/mcp`))) as { content: { text: string }[] };
      expect(JSON.parse(content[0]?.text ?? "")).toMatchObject({
        scopes: [],
        resource: "https://api.example.com/mcp",
        resourceMetadataUrl: resource.metadataUrl,
        extra: { accessToken: { subject: "user_ada", claims: { tenant: "a" } } },
      });
    } finally {
      await served.close();
    }
  });
});
