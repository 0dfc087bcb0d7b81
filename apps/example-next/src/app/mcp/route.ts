import { toAuthInfo } from "@connect/core";
import { requireToken } from "@connect/next";
import { toolScopes } from "example-product";
import type { NextRequest } from "next/server";
import { mcp, mcpVerifier, resource } from "../../connect";

const serve = requireToken(mcpVerifier, { toolScopes }, (request, accessToken) =>
  mcp.fetch(request, { authInfo: toAuthInfo(accessToken, resource) }),
);

async function handler(request: NextRequest): Promise<Response> {
  const response = await serve(request, undefined);
  // For MCP clients that run in a browser: without it they never see where to get a token.
  response.headers.set("access-control-allow-origin", "*");
  response.headers.set(
    "access-control-expose-headers",
    "WWW-Authenticate, Mcp-Session-Id, Mcp-Protocol-Version",
  );
  return response;
}

export { handler as GET, handler as POST };

export function OPTIONS(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "",
      vary: "Access-Control-Request-Headers",
    },
  });
}
