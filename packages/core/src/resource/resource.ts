import {
  checkScopes,
  parseFetch,
  parseFunction,
  parseOnEvent,
  parseOrigin,
  parsePublicUrl,
} from "../config.js";
import { isConnectError } from "../errors.js";
import type { MetadataEvent, OnEvent } from "../events.js";
import type { ResourceOutcome } from "../outcome.js";
import type { Clock, Fetch, RequestView } from "../ports.js";
import { createMirror } from "./mirror.js";

/** What {@link createProtectedResource} needs to know. */
export interface ProtectedResourceConfig {
  /**
   * The address that clients use, byte for byte as it is registered with AuthKit as a resource indicator and as the
   * verifier's `audience`: `https://api.example.com/mcp`. Behind a proxy it is the outer address: no header of a
   * request is ever asked for it.
   */
  readonly resource: string;
  /** The AuthKit domain: `https://example.authkit.app`, or a custom domain. */
  readonly authkitUrl: string;
  /**
   * Scopes that clients should ask for. Only ones that AuthKit grants to any client: those that register by themselves
   * ask for all of them, and are refused as a whole for one that is unknown. Default: none are published.
   */
  readonly scopes?: readonly string[] | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Default `Date.now`. */
  readonly clock?: Clock | undefined;
  /** Told of each fetch of AuthKit's metadata: see {@link MetadataEvent}. Default: nobody is told. */
  readonly onEvent?: OnEvent<MetadataEvent> | undefined;
}

/** What a protected resource says of itself (RFC 9728 section 2). */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly [string];
  readonly bearer_methods_supported: readonly ["header"];
  readonly scopes_supported?: readonly string[];
}

/** What a verifier has to know of the resource whose tokens it checks. */
export interface ResourceVerifierConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly resourceMetadataUrl: string;
}

/** What a resource publishes so that MCP clients find their own way in. It holds no secret. */
export interface ProtectedResource {
  /** Where the metadata is, for the verifier's `resourceMetadataUrl`. */
  readonly metadataUrl: string;
  /** The metadata; frozen. */
  readonly metadata: ProtectedResourceMetadata;
  /**
   * What the verifier of the resource's tokens shares with it, so that neither can be told otherwise:
   * `createVerifier({ ...resource.verifierConfig, onRefusal })`. Frozen.
   */
  readonly verifierConfig: ResourceVerifierConfig;
  /** The paths that `handle` answers to, for routers that want them one by one. */
  readonly paths: readonly string[];
  /**
   * Answers one request, or gives `null` where its path is none of ours. Never throws for what the client or AuthKit
   * did: that is in the outcome. Throws what a clock throws.
   */
  handle(request: RequestView): Promise<ResourceOutcome | null>;
}

const PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";
const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";

/**
 * Sets up what a protected resource publishes: its metadata, which names AuthKit, and for older clients, which look for
 * an authorization server at the resource itself, AuthKit's own metadata. Throws `invalid_config`, naming the option.
 * Source: RFC 9728, RFC 8414; MCP, "Authorization"; AuthKit, "MCP".
 */
export function createProtectedResource(config: ProtectedResourceConfig): ProtectedResource {
  const url = parsePublicUrl(config.resource, "resource");
  const issuer = parseOrigin(config.authkitUrl, "authkitUrl");
  const scopes = config.scopes ?? [];
  checkScopes(scopes, "scopes");
  const readMirror = createMirror(
    issuer,
    // Called through globalThis at call time: a bare reference loses its receiver on some runtimes.
    parseFetch(config.fetch),
    parseFunction<Clock>(config.clock, "clock", Date.now),
    parseOnEvent(config.onEvent),
  );

  const metadata: ProtectedResourceMetadata = Object.freeze({
    resource: config.resource,
    authorization_servers: Object.freeze([issuer] as const),
    bearer_methods_supported: Object.freeze(["header"] as const),
    // RFC 9728 section 3.2: what would be empty is left out.
    ...(scopes.length === 0 ? {} : { scopes_supported: Object.freeze([...scopes]) }),
  });
  const json = JSON.stringify(metadata);

  // Section 3.1: the well-known part goes between host and path, and a path of "/" alone is none.
  const path = url.pathname === "/" ? "" : url.pathname;
  // Clients that got no challenge guess: first the form with the path, then the one without.
  const metadataPaths = [...new Set([PROTECTED_RESOURCE + path, PROTECTED_RESOURCE])];
  const mirrorPaths = [...new Set([AUTHORIZATION_SERVER + path, AUTHORIZATION_SERVER])];

  async function handle({ method, url: address }: RequestView): Promise<ResourceOutcome | null> {
    const requested = toPath(address);
    const isMetadata = metadataPaths.includes(requested);
    if (!isMetadata && !mirrorPaths.includes(requested)) return null;
    if (method === "OPTIONS") return { type: "preflight" };
    if (method !== "GET" && method !== "HEAD") return { type: "wrong_method" };
    const head = method === "HEAD";
    if (isMetadata) return { type: "metadata", json, head };
    try {
      return { type: "metadata", json: await readMirror(), head };
    } catch (error) {
      if (!isConnectError(error)) throw error;
      return { type: "metadata_unavailable", error, head };
    }
  }

  const metadataUrl = url.origin + PROTECTED_RESOURCE + path + url.search;
  return {
    metadataUrl,
    metadata,
    verifierConfig: Object.freeze({ issuer, audience: config.resource, resourceMetadataUrl: metadataUrl }),
    paths: Object.freeze([...metadataPaths, ...mirrorPaths]),
    handle,
  };
}

/** The path of a request, given as a URL or as path and query. A path of "//host" is one, and no other host. */
function toPath(address: string): string {
  const url = address.startsWith("/") ? `https://path.invalid${address}` : address;
  return URL.canParse(url) ? new URL(url).pathname : "";
}
