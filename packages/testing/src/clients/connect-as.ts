import { parseChallenge } from "../challenge.js";
import { Authorization, selectResource, selectScope } from "./authorization.js";
import { findResourceMetadata, findServerMetadata } from "./discovery.js";
import { type Answer, Exchanges } from "./exchanges.js";
import type { ClientProfile } from "./profile.js";
import { type RegisteredClient, register } from "./registration.js";
import type { ClientStep, StepName } from "./step.js";
import { requestTokens } from "./token-request.js";

/** What {@link connectAs} needs to know. */
export interface ConnectAsOptions {
  /** The MCP server's address, as a user would enter it in the client. */
  readonly resource: string;
  /**
   * Plays the user and their browser: opens the address, signs in, allows, and gives the address that the browser was
   * sent back to at last. Nothing listens there.
   */
  readonly answer: (authorizationUrl: URL) => Promise<URL | string>;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** A client that is connected. */
export interface ConnectedClient {
  /** Each request, in order. */
  readonly steps: readonly ClientStep[];
  /** How it became known to the authorization server. */
  readonly registration: RegisteredClient["kind"];
  /** The scopes it asked for; `undefined`: it sent no `scope`. */
  readonly scope: string | undefined;
  /** The resource indicator it sent. */
  readonly resource: string;
  /** Whether it got a refresh token, and with it another access token. */
  readonly isRefreshed: boolean;
  /** The last one it got. */
  readonly accessToken: string;
}

/**
 * Connects to a protected MCP server as a known client would: asks without a token, finds its way by the metadata,
 * becomes known to the authorization server, sends the user there, redeems the code, asks with the token, and refreshes
 * once if it can. Throws a {@link ConnectAsError} that names the step. The client's own document, if it has one, must be
 * known to the authorization server: nothing here publishes it.
 */
export async function connectAs(
  profile: ClientProfile,
  { resource: address, answer, fetch: fetcher = globalThis.fetch }: ConnectAsOptions,
): Promise<ConnectedClient> {
  const entered = new URL(address);
  const exchanges = new Exchanges(profile.name, fetcher);

  const first = "MCP request without a token";
  const refusal = await sendMcp(first, profile, exchanges, entered);
  const challenge =
    refusal.status === 401 ? parseChallenge(refusal.headers.get("www-authenticate") ?? "") : undefined;
  if (challenge === undefined)
    return exchanges.fail(first, `${exchanges.last()}, not 401 with a Bearer challenge.`);

  const published = await findResourceMetadata(
    profile,
    exchanges,
    address,
    challenge.get("resource_metadata"),
  );
  const server = await findServerMetadata(profile, exchanges, published.issuer);
  const scope = selectScope(profile, challenge.get("scope"), published, server);
  const resource = selectResource(profile, entered, published.resource);
  const client = await register(profile, exchanges, server, scope);

  const authorization = new Authorization(profile);
  const { clientId } = client;
  const url = await authorization.url(server.authorizationEndpoint, { clientId, scope, resource });
  const callback = await answer(url);
  const code = authorization.read(exchanges, server.authorizationEndpoint, String(callback));

  let tokens = await requestTokens("token request", exchanges, server.tokenEndpoint, client, {
    grant_type: "authorization_code",
    code,
    redirect_uri: profile.redirectUri,
    code_verifier: authorization.verifier,
    resource,
  });
  await useToken("MCP request", profile, exchanges, entered, tokens.accessToken);

  const { refreshToken } = tokens;
  if (refreshToken !== undefined) {
    tokens = await requestTokens("refresh", exchanges, server.tokenEndpoint, client, {
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      resource,
    });
    await useToken("MCP request after the refresh", profile, exchanges, entered, tokens.accessToken);
  }
  return {
    steps: exchanges.steps,
    registration: client.kind,
    scope,
    resource,
    isRefreshed: refreshToken !== undefined,
    accessToken: tokens.accessToken,
  };
}

async function useToken(
  name: StepName,
  profile: ClientProfile,
  exchanges: Exchanges,
  entered: URL,
  accessToken: string,
): Promise<void> {
  const { status } = await sendMcp(name, profile, exchanges, entered, accessToken);
  if (status < 200 || status > 299)
    exchanges.fail(name, `${exchanges.last()} to a request with its new token.`);
}

/** The first message of a session (MCP, "Lifecycle"). */
function sendMcp(
  name: StepName,
  { name: client, mcp }: ClientProfile,
  exchanges: Exchanges,
  entered: URL,
  accessToken?: string,
): Promise<Answer> {
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: mcp.protocolVersion,
      capabilities: {},
      clientInfo: { name: client, version: "1.0.0" },
    },
  };
  const body = JSON.stringify(message);
  if (accessToken === undefined) {
    const init = { method: "POST", headers: mcp.headers, body };
    return exchanges.send(name, entered, init, ["www-authenticate"], (status) => status === 401);
  }
  const headers = { ...mcp.headers, authorization: `Bearer ${accessToken}` };
  return exchanges.send(name, entered, { method: "POST", headers, body }, []);
}
