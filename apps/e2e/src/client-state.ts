import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { clientMetadata } from "./client-metadata.js";
import { redirectUri } from "./launch.js";

/** What an MCP client keeps of one server, in memory. Made for the SDK's second version; its first takes it, too. */
export class ClientState implements OAuthClientProvider {
  readonly redirectUrl = redirectUri;
  readonly clientMetadata = clientMetadata;
  /** Where the SDK wanted to send the browser, oldest first. */
  readonly authorizations: URL[] = [];
  readonly #publishedClientId: string | undefined;
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #codeVerifier = "";
  #discovery: OAuthDiscoveryState | undefined;

  /** With the address of a metadata document the client has its id already, and doesn't register. */
  constructor(publishedClientId?: string) {
    this.#publishedClientId = publishedClientId;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    if (this.#client || this.#publishedClientId === undefined) return this.#client;
    // The SDK chooses this way by itself, but for https addresses only (`clientMetadataUrl`), and a document on this
    // machine has none.
    const authkit = this.#discovery?.authorizationServerMetadata;
    return authkit?.client_id_metadata_document_supported === true
      ? { client_id: this.#publishedClientId, issuer: authkit.issuer }
      : undefined;
  }
  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }
  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  invalidateCredentials(what: "all" | "client" | "tokens" | "verifier" | "discovery"): void {
    if (what === "all" || what === "tokens") this.#tokens = undefined;
  }

  redirectToAuthorization(url: URL): void {
    this.authorizations.push(url);
  }
  saveCodeVerifier(codeVerifier: string): void {
    this.#codeVerifier = codeVerifier;
  }
  codeVerifier(): string {
    return this.#codeVerifier;
  }
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }
  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  /** Makes the access token one that no server takes, as if it had been replaced; the refresh token stays. */
  spoilAccessToken(): void {
    if (this.#tokens) this.#tokens = { ...this.#tokens, access_token: `${this.#tokens.access_token}AAAA` };
  }
  forgetRefreshToken(): void {
    if (this.#tokens) {
      const { refresh_token: _, ...tokens } = this.#tokens;
      this.#tokens = tokens;
    }
  }
}
