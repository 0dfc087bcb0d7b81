import { invalidConfig } from "../config.js";

/**
 * The scopes that a JSON-RPC message (or a batch of them) needs, by the tools it calls. Throws `invalid_config` where
 * what was given was never parsed: bytes or a stream would hide their calls. Source: Model Context Protocol, "Tools".
 */
export function scopesOfMessage(
  message: unknown,
  toolScopes: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (Array.isArray(message)) return message.flatMap((one) => scopesOfCall(one, toolScopes));
  return scopesOfCall(message, toolScopes);
}

function scopesOfCall(
  message: unknown,
  toolScopes: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (typeof message !== "object" || message === null) return [];
  const prototype = Object.getPrototypeOf(message);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(message)) {
    throw invalidConfig("toolScopes: the request's body was not parsed");
  }
  const { method, params } = message as { method?: unknown; params?: { name?: unknown } | null };
  const name = method === "tools/call" ? params?.name : undefined;
  return (typeof name === "string" ? toolScopes.get(name) : undefined) ?? [];
}
