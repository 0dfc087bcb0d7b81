const USER_GRANTS = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

/** RFC 8414, with the members that AuthKit publishes (docs/authkit.md, Discovery). */
export function authorizationServerMetadata(issuer: string): object {
  return {
    ...common(issuer),
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: USER_GRANTS,
  };
}

/** OpenID Connect Discovery, as AuthKit publishes it. */
export function openidConfiguration(issuer: string): object {
  return {
    ...common(issuer),
    grant_types_supported: [...USER_GRANTS, "client_credentials"],
    id_token_signing_alg_values_supported: ["RS256"],
    subject_types_supported: ["public"],
    userinfo_endpoint: `${issuer}/oauth2/userinfo`,
  };
}

function common(issuer: string): object {
  return {
    authorization_endpoint: `${issuer}/oauth2/authorize`,
    device_authorization_endpoint: `${issuer}/oauth2/device_authorization`,
    introspection_endpoint: `${issuer}/oauth2/introspection`,
    issuer,
    jwks_uri: `${issuer}/oauth2/jwks`,
    response_modes_supported: ["query"],
    response_types_supported: ["code"],
    scopes_supported: ["email", "offline_access", "openid", "profile"],
    token_endpoint: `${issuer}/oauth2/token`,
    token_endpoint_auth_methods_supported: ["none", "client_secret_post", "client_secret_basic"],
  };
}
