import type { ProtectedResource } from "../resource/resource.js";
import type { AccessToken } from "../token/claims.js";

/** What the MCP TypeScript SDK (1 and 2) calls `AuthInfo`: who calls, for its tools to see. */
export interface McpAuthInfo<Claims> {
  /** Always empty. What a tool needs is in `extra`; a token passed on to another service is one that it was not made for. */
  token: string;
  /** The `client_id` of the token; empty where it has none. */
  clientId: string;
  scopes: string[];
  /** In seconds since the epoch. */
  expiresAt: number;
  /** The resource that the token was issued for. */
  resource?: URL;
  /** Lets the server's own scope challenges (SDK 2) say where the resource's metadata is. */
  resourceMetadataUrl?: string;
  extra: { accessToken: AccessToken<Claims> };
}

/**
 * Tells an MCP server who calls: `handler.fetch(request, { authInfo: toAuthInfo(accessToken, resource) })`. The tools
 * find the verified token in `authInfo.extra.accessToken`.
 */
export function toAuthInfo<Claims>(
  accessToken: AccessToken<Claims>,
  resource?: ProtectedResource,
): McpAuthInfo<Claims> {
  const { clientId = "", scopes, expiresAt } = accessToken;
  return {
    token: "",
    clientId,
    scopes: [...scopes],
    expiresAt,
    ...(resource && {
      resource: new URL(resource.metadata.resource),
      resourceMetadataUrl: resource.metadataUrl,
    }),
    extra: { accessToken },
  };
}
