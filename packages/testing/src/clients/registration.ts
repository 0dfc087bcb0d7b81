import { toText } from "../oauth-values.js";
import type { ServerMetadata } from "./discovery.js";
import type { Exchanges } from "./exchanges.js";
import type {
  ClientProfile,
  ClientRegistration,
  DynamicRegistration,
  TokenEndpointAuthMethod,
} from "./profile.js";

/** The client as the authorization server knows it. */
export interface RegisteredClient {
  readonly kind: ClientRegistration["kind"];
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly authMethod: TokenEndpointAuthMethod;
}

/** Becomes known to the authorization server, in the first of the client's ways that it offers. */
export async function register(
  { registrations }: ClientProfile,
  exchanges: Exchanges,
  server: ServerMetadata,
  scope: string | undefined,
): Promise<RegisteredClient> {
  for (const registration of registrations) {
    if (registration.kind === "cimd") {
      // A client in a test has no key of the vendor's to sign with: of its methods, `none` is left.
      if (server.takesDocuments && server.authMethods.includes("none")) {
        return { kind: "cimd", clientId: registration.clientId, authMethod: "none" };
      }
    } else if (server.registrationEndpoint !== undefined) {
      return registerDynamically(registration, exchanges, server.registrationEndpoint, scope);
    }
  }
  const ways = registrations.map(({ kind }) =>
    kind === "cimd" ? "client ID metadata documents" : "dynamic client registration",
  );
  return exchanges.fail("registration", `the authorization server offers no ${ways.join(" and no ")}.`);
}

async function registerDynamically(
  { metadata, sendsScope }: DynamicRegistration,
  exchanges: Exchanges,
  endpoint: URL,
  scope: string | undefined,
): Promise<RegisteredClient> {
  const answer = await exchanges.send(
    "registration",
    endpoint,
    {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ ...metadata, ...(sendsScope && scope !== undefined && { scope }) }),
    },
    ["client_id", "client_secret", "token_endpoint_auth_method"],
  );
  const clientId = toText(answer.json.client_id);
  if (answer.status >= 300 || clientId === undefined) {
    exchanges.fail("registration", `${exchanges.last(answer.json)}, without a client_id.`);
  }
  const clientSecret = toText(answer.json.client_secret);
  const { token_endpoint_auth_method: asked } = metadata;
  const granted = answer.json.token_endpoint_auth_method ?? asked;
  if (granted !== asked)
    exchanges.fail("registration", "it gave another token_endpoint_auth_method than was asked for.");
  if (asked !== "none" && clientSecret === undefined)
    exchanges.fail("registration", "it gave no client_secret.");
  return { kind: "dcr", clientId, authMethod: asked, ...(clientSecret !== undefined && { clientSecret }) };
}
