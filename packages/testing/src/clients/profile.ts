/** How a client authenticates at the token endpoint (RFC 7591 section 2). */
export type TokenEndpointAuthMethod =
  | "none"
  | "client_secret_post"
  | "client_secret_basic"
  | "private_key_jwt";

/** What a client says of itself, as it registers or in its document (RFC 7591 section 2). */
export interface ClientMetadata {
  readonly client_name: string;
  readonly redirect_uris: readonly string[];
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly token_endpoint_auth_method: TokenEndpointAuthMethod;
  readonly [member: string]: unknown;
}

/** A client that registers itself (RFC 7591). */
export interface DynamicRegistration {
  readonly kind: "dcr";
  readonly metadata: ClientMetadata;
  /** Whether the scopes that it will ask for are part of its registration. */
  readonly sendsScope: boolean;
}

/** A client whose id is the address of a document about it (Client ID Metadata Document). */
export interface MetadataDocument {
  readonly kind: "cimd";
  readonly clientId: string;
  readonly document: ClientMetadata & { readonly client_id: string };
}

export type ClientRegistration = DynamicRegistration | MetadataDocument;

/**
 * Where the metadata of a protected resource is looked for: where the challenge says (then nowhere else), or at the
 * well-known path with the resource's path behind it, or without (RFC 9728 sections 3.1 and 5.1).
 */
export type ResourceMetadataPlace = "challenge" | "path" | "root";

/**
 * Where an authorization server's metadata is looked for: RFC 8414's document, OpenID's with the issuer's path behind
 * the well-known path, and OpenID's behind the issuer. For an issuer without a path, as AuthKit's, the last two are one.
 */
export type ServerMetadataPlace = "oauth" | "openid" | "openid-appended";

/** Who says which scopes there are: the challenge, the resource's metadata, the authorization server's metadata. */
export type ScopeSource = "challenge" | "resource" | "server";

/** A fact's public source. */
export interface Source {
  readonly url: string;
  /** What it says, in our words. */
  readonly tells: string;
}

/** What an MCP client is known to send when it connects to a protected MCP server. Data only. */
export interface ClientProfile {
  readonly name: string;
  /** In the order in which the client prefers them; it takes the first that the authorization server offers. */
  readonly registrations: readonly [ClientRegistration, ...ClientRegistration[]];
  /** Where it sends the browser back to; on loopback the port is one of many. */
  readonly redirectUri: string;
  readonly discovery: {
    readonly resource: readonly ResourceMetadataPlace[];
    /**
     * How the metadata's `resource` must fit the address that the user entered: byte for byte, as URLs are equal, or
     * of the same origin and above it.
     */
    readonly match: "exact" | "url" | "above";
    readonly server: readonly ServerMetadataPlace[];
    /** By whom is asked: the resource or the authorization server. */
    readonly headers: {
      readonly resource: Readonly<Record<string, string>>;
      readonly server: Readonly<Record<string, string>>;
    };
  };
  readonly authorize: {
    /** Of the first of these that names scopes, all are asked for. */
    readonly scope: readonly ScopeSource[];
    /** Scopes that are asked for besides, where the authorization server lists them. */
    readonly adds: readonly string[];
    /** Whether `prompt=consent` is sent with `offline_access` (OpenID Connect Core section 11). */
    readonly promptsForOfflineAccess: boolean;
    /**
     * The resource indicator (RFC 8707): the metadata's `resource` as it stands, or the entered address in the form that
     * MCP calls canonical, which has no slash at its end. It is the same in token requests.
     */
    readonly resource: "published" | "canonical";
  };
  readonly mcp: {
    readonly headers: Readonly<Record<string, string>>;
    /** `protocolVersion` of its `initialize`. */
    readonly protocolVersion: string;
  };
  /** What a server should know that is not in the data above. */
  readonly quirks: readonly string[];
  /** What nobody publishes; where the data above had to say something, it is what the MCP specification demands. */
  readonly unknown: readonly string[];
  readonly sources: readonly [Source, ...Source[]];
  /** The day the sources were read. */
  readonly asOf: string;
}
