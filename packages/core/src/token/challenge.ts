import { isScope } from "../config.js";
import type { ConnectError } from "../errors.js";
import type { Challenge } from "../outcome.js";

/** What a challenge says besides what went wrong. */
export interface ChallengeContext {
  /** The scopes that the request needed. */
  readonly needed: readonly string[];
  /** The scopes that its token has. */
  readonly granted: readonly string[];
  readonly resourceMetadataUrl: string | undefined;
}

/**
 * The refusal of a request, as RFC 6750 section 3 puts it. A request without a token made no error that could be
 * named, so its challenge says none. The description is fixed text, the same for every way in which a token can be
 * bad. Where the resource has metadata, every challenge says where (RFC 9728 section 5.1): that is how an MCP client
 * that knows nothing but the resource finds AuthKit.
 */
export function toChallenge(
  error: ConnectError,
  { needed, granted, resourceMetadataUrl }: ChallengeContext,
): Challenge {
  const parameters: string[] = [];
  if (error.code !== "missing_token") {
    parameters.push(`error="${error.code}"`, `error_description="${error.description}"`);
  }
  if (error.code === "insufficient_scope") {
    // MCP clients ask anew for just what is named here, and would lose what they had (MCP, "Scope Selection Strategy").
    const kept = resourceMetadataUrl === undefined ? [] : granted.filter(isScope);
    parameters.push(`scope="${[...new Set([...kept, ...needed])].join(" ")}"`);
  }
  if (resourceMetadataUrl !== undefined) parameters.push(`resource_metadata="${resourceMetadataUrl}"`);
  return { type: "challenge", error, challenge: `Bearer ${parameters.join(", ")}`.trimEnd() };
}
