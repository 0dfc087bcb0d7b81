import type { Config } from "./config.js";
import { STANDARD_SCOPES } from "./scopes.js";
import type { Switches } from "./switches.js";

/** RFC 8414, with exactly the members that AuthKit publishes (seen live, September 2026). */
export function authorizationServerMetadata(
  issuer: string,
  {
    dynamicClientRegistration,
    clientIdMetadataDocuments,
    switches,
  }: Pick<Config, "dynamicClientRegistration" | "clientIdMetadataDocuments" | "switches">,
) {
  return {
    ...common(issuer, switches),
    ...(dynamicClientRegistration && { registration_endpoint: `${issuer}/oauth2/register` }),
    ...(clientIdMetadataDocuments && { client_id_metadata_document_supported: true }),
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: USER_GRANTS,
  };
}

/** OpenID Connect Discovery, as AuthKit publishes it: it mentions neither PKCE nor how clients register. */
export function openidConfiguration(issuer: string, { switches }: Pick<Config, "switches">) {
  return {
    ...common(issuer, switches),
    grant_types_supported: [...USER_GRANTS, "client_credentials"],
    id_token_signing_alg_values_supported: ["RS256"],
    subject_types_supported: ["public"],
    userinfo_endpoint: `${issuer}/oauth2/userinfo`,
  };
}

const USER_GRANTS = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

function common(issuer: string, { issuerParameter }: Switches) {
  return {
    authorization_endpoint: `${issuer}/oauth2/authorize`,
    ...(issuerParameter === "sent" && { authorization_response_iss_parameter_supported: true }),
    device_authorization_endpoint: `${issuer}/oauth2/device_authorization`,
    introspection_endpoint: `${issuer}/oauth2/introspection`,
    issuer,
    jwks_uri: `${issuer}/oauth2/jwks`,
    response_modes_supported: ["query"],
    response_types_supported: ["code"],
    scopes_supported: STANDARD_SCOPES,
    token_endpoint: `${issuer}/oauth2/token`,
    token_endpoint_auth_methods_supported: ["none", "client_secret_post", "client_secret_basic"],
  };
}
