import { decodeJwt, type JWTPayload } from "jose";
import { randomText, toCodeChallenge, toText, toWord } from "../oauth-values.js";
import { DriveError, type Step } from "./step.js";

/** The OAuth client that the walk is made for. */
export interface DriveClient {
  readonly clientId: string;
  /** Absent: a public client. */
  readonly clientSecret?: string | undefined;
  /** Nothing needs to listen there. */
  readonly redirectUri: string;
}

/** What the client got. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number | undefined;
}

/** What an authorization asks for. */
export interface AuthorizationRequest {
  readonly issuer: string;
  readonly client: DriveClient;
  readonly scope: string;
  readonly resource: string | undefined;
}

/** The client's side of the walk: authorization code with PKCE (RFC 6749 section 4.1, RFC 7636). */
export class Authorization {
  readonly #request: AuthorizationRequest;
  readonly #verifier = randomText();
  readonly #state = randomText();

  constructor(request: AuthorizationRequest) {
    this.#request = request;
  }

  /** Where the client sends the browser. */
  async url(): Promise<string> {
    const { issuer, client, scope, resource } = this.#request;
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client.clientId,
      redirect_uri: client.redirectUri,
      scope,
      state: this.#state,
      code_challenge: await toCodeChallenge(this.#verifier),
      code_challenge_method: "S256",
      ...(resource !== undefined && { resource }),
    });
    return `${issuer}/oauth2/authorize?${query}`;
  }

  /** What the browser brought back: a code, or the error that AuthKit names. */
  read(callback: URL, steps: readonly Step[]): { readonly code: string } | { readonly error: string } {
    const query = callback.searchParams;
    if (query.get("state") !== this.#state) {
      throw new DriveError("Expected the client's own state at its redirect URI, but it is another.", steps);
    }
    const [code, error] = [query.get("code"), query.get("error")];
    if (error !== null) return { error: toWord(error) };
    if (code === null)
      throw new DriveError("Expected a code at the client's redirect URI: there is none.", steps);
    return { code };
  }

  /** Redeems the code. Adds the step. */
  async redeem(
    code: string,
    steps: Step[],
  ): Promise<{ readonly tokens: Tokens; readonly claims: JWTPayload }> {
    const { issuer, client, resource } = this.#request;
    const body = new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: client.redirectUri,
      client_id: client.clientId,
      code_verifier: this.#verifier,
      ...(client.clientSecret !== undefined && { client_secret: client.clientSecret }),
      ...(resource !== undefined && { resource }),
    });
    const path = "/oauth2/token";
    const response = await fetch(issuer + path, { method: "POST", body });
    steps.push({ who: "authkit", method: "POST", origin: issuer, path, status: response.status });
    const json: Record<string, unknown> = await response.json().catch(() => ({}));
    const accessToken = toText(json.access_token);
    if (!response.ok || accessToken === undefined) {
      const error = typeof json.error === "string" ? `, but the error ${toWord(json.error)}` : "";
      // RFC 8707 section 2: a resource that this AuthKit does not know.
      const hint = json.error === "invalid_target" ? " Is the resource registered with this AuthKit?" : "";
      throw new DriveError(`Expected tokens for the code${error}.${hint}`, steps);
    }
    return {
      tokens: {
        accessToken,
        idToken: toText(json.id_token),
        refreshToken: toText(json.refresh_token),
        expiresIn: typeof json.expires_in === "number" ? json.expires_in : undefined,
      },
      claims: decodeJwt(accessToken),
    };
  }
}
