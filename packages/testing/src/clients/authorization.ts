import { randomText, toCodeChallenge, toWord } from "../oauth-values.js";
import type { ResourceMetadata, ServerMetadata } from "./discovery.js";
import type { Exchanges } from "./exchanges.js";
import type { ClientProfile, ScopeSource } from "./profile.js";

/** The scopes that the client asks for; `undefined`: it sends no `scope`. `challenged` are those of the challenge. */
export function selectScope(
  { authorize }: ClientProfile,
  challenged: string | undefined,
  resource: ResourceMetadata,
  server: ServerMetadata,
): string | undefined {
  const named: Record<ScopeSource, readonly string[]> = {
    challenge: challenged?.split(" ") ?? [],
    resource: resource.scopes,
    server: server.scopes,
  };
  const first = authorize.scope.map((source) => named[source]).find((scopes) => scopes.length > 0) ?? [];
  const scopes = new Set([...first, ...authorize.adds.filter((scope) => server.scopes.includes(scope))]);
  return scopes.size === 0 ? undefined : [...scopes].join(" ");
}

/** The resource indicator that the client sends (RFC 8707). */
export function selectResource({ authorize }: ClientProfile, entered: URL, published: string): string {
  if (authorize.resource === "published") return published;
  return entered.origin + entered.pathname.replace(/\/$/, "") + entered.search;
}

/** What one authorization asks for. */
export interface AuthorizationParameters {
  readonly clientId: string;
  readonly scope: string | undefined;
  readonly resource: string;
}

/** One authorization with PKCE (RFC 6749 section 4.1, RFC 7636). */
export class Authorization {
  readonly verifier = randomText();
  readonly #state = randomText();
  readonly #profile: ClientProfile;

  constructor(profile: ClientProfile) {
    this.#profile = profile;
  }

  /** Where the client sends the user's browser. */
  async url(endpoint: URL, { clientId, scope, resource }: AuthorizationParameters): Promise<URL> {
    const { redirectUri, authorize } = this.#profile;
    const asksForConsent = authorize.promptsForOfflineAccess && scope?.split(" ").includes("offline_access");
    const parameters = {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      state: this.#state,
      code_challenge: await toCodeChallenge(this.verifier),
      code_challenge_method: "S256",
      resource,
      ...(scope !== undefined && { scope }),
      ...(asksForConsent && { prompt: "consent" }),
    };
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  }

  /** The code that the browser brought back. Adds the step. */
  read(exchanges: Exchanges, endpoint: URL, callback: string): string {
    const { origin, pathname: path } = endpoint;
    exchanges.steps.push({ name: "authorization", method: "GET", origin, path, used: ["code", "state"] });
    const fail = (sentence: string) => exchanges.fail("authorization", sentence);
    const { redirectUri } = this.#profile;
    if (!URL.canParse(callback) || withoutQuery(callback) !== withoutQuery(redirectUri)) {
      return fail("the browser did not come back to the client's redirect URI.");
    }
    const query = new URL(callback).searchParams;
    const error = query.get("error");
    if (error !== null) return fail(`the browser came back with the error ${toWord(error)}.`);
    if (query.get("state") !== this.#state) return fail("the browser came back with another state.");
    return query.get("code") ?? fail("the browser came back without a code.");
  }
}

function withoutQuery(address: string): string {
  const url = new URL(address);
  url.search = "";
  return url.href;
}
