import { checkScopes, invalidConfig } from "../config.js";

/** What a route asks for beyond a good token. */
export interface TokenRequirements {
  /** Scopes the token must have, all of them. Default none. */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Scopes that calling an MCP tool needs, by the tool's name: `{ delete_note: ["notes:write"] }`. A `tools/call` without
   * them is answered with `insufficient_scope` before the MCP server sees it, so that the client can ask its user for
   * more. Default: tools need no more than the route.
   */
  readonly toolScopes?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * Whether AuthKit is asked each time if the token still counts (the verifier's `introspection`). Default: the token's
   * signature and times say so.
   */
  readonly live?: boolean | undefined;
}

/** Requirements that were looked at. */
export interface ParsedRequirements {
  readonly scopes: readonly string[];
  readonly toolScopes: ReadonlyMap<string, readonly string[]> | undefined;
  readonly live: boolean;
}

/** Checks requirements. Throws `invalid_config`, naming the option. */
export function parseRequirements(
  { scopes = [], toolScopes, live = false }: TokenRequirements,
  canAskLive: boolean,
): ParsedRequirements {
  checkScopes(scopes, "scopes");
  if (live && !canAskLive) throw invalidConfig("live: the verifier has no introspection");
  return { scopes, toolScopes: toolScopes === undefined ? undefined : parseToolScopes(toolScopes), live };
}

function parseToolScopes(value: Readonly<Record<string, readonly string[]>>): Map<string, readonly string[]> {
  if (typeof value !== "object" || value === null)
    throw invalidConfig("toolScopes: must be lists of scopes by tool");
  const entries = Object.entries(value);
  for (const [, scopes] of entries) checkScopes(scopes, "toolScopes");
  return new Map(entries);
}
