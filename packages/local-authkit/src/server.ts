import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";

import { AccessTokens } from "./access-tokens.js";
import { Applications } from "./applications.js";
import { ClientMetadataDocuments } from "./client-metadata-documents.js";
import {
  type Config,
  type LocalAuthKitOptions,
  parseConfig,
  parseLoginUri,
  type ResolvedClient,
} from "./config.js";
import { Consents } from "./consents.js";
import { createDocumentFetch, type FetchDocument } from "./document-fetch.js";
import type { Clock } from "./expiring-map.js";
import { ExternalAuth } from "./external-auth.js";
import { importOidc } from "./oidc.js";
import { createProvider, type Environment } from "./provider.js";
import { createRoutes } from "./routes.js";
import { type User, Users } from "./users.js";

/** A running local AuthKit. */
export interface LocalAuthKit {
  /** Where it listens, `http://<host>:<port>`. */
  readonly url: string;
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** The bearer key of the completion API. */
  readonly apiKey: string;
  /** `aud` of access tokens where no resource indicator applies. */
  readonly environmentClientId: string;
  /** The applications, with their defaults filled in. */
  readonly clients: readonly ResolvedClient[];
  /** The users that completions have made. */
  readonly users: Users;
  /** Changes the Login URI for all logins from now on. Throws {@link ConfigError}. */
  setLoginUri(loginUri: string): void;
  /** Stops, and drops connections that are open. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts AuthKit's Standalone Connect on this machine, for development and tests. Everything is kept in memory, and
 * the signing key is a new one each time. Throws {@link ConfigError} for options it cannot use, and an error with
 * code `EADDRINUSE` if the port is taken.
 */
export async function startLocalAuthKit(options: LocalAuthKitOptions = {}): Promise<LocalAuthKit> {
  return serve(parseConfig(options));
}

/** The world outside. */
export interface Ports {
  /** What `external_auth_id`s and client ID metadata documents expire by. */
  clock?: Clock;
  fetchDocument?: FetchDocument;
}

/** Like {@link startLocalAuthKit}, with a world of the caller's. */
export async function serve(
  config: Config,
  { clock = Date.now, fetchDocument = createDocumentFetch() }: Ports = {},
): Promise<LocalAuthKit> {
  const [oidc, signingKey] = await Promise.all([importOidc(), createSigningKey()]);
  const server = createServer();
  const url = await listen(server, config);
  const issuer = config.issuer ?? url;

  const users = new Users();
  const isExternal = config.subject === "external";
  const subjectOf = (user: User) => (isExternal ? user.externalId : user.id);
  let loginUri = config.loginUri;
  const environment: Environment = {
    oidc,
    config: { ...config, issuer },
    loginUri: () => loginUri,
    signingKey,
    applications: new Applications(
      config.clients,
      config.clientIdMetadataDocuments ? new ClientMetadataDocuments(fetchDocument, clock) : undefined,
    ),
    externalAuth: new ExternalAuth(config.externalAuthTtl, config.browserBinding, clock),
    consents: new Consents(),
    accessTokens: new AccessTokens(issuer, signingKey.publicKey),
    findUser: (subject) => (isExternal ? users.findByExternalId(subject) : users.find(subject)),
  };

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closing;
  };

  try {
    const provider = createProvider(environment);
    const app = createRoutes(environment, provider, users, subjectOf);
    server.on("request", getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  } catch (error) {
    await close();
    throw error;
  }

  return {
    url,
    issuer,
    apiKey: config.apiKey,
    environmentClientId: config.environmentClientId,
    clients: config.clients,
    users,
    setLoginUri(next) {
      loginUri = parseLoginUri(next);
    },
    close,
  };
}

async function createSigningKey(): Promise<Environment["signingKey"]> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  // The form of AuthKit's key ids. From the key itself: caches of keys see at a restart that it is another.
  const kid = `sso_oidc_key_pair_${await calculateJwkThumbprint(jwk)}`;
  return { jwk: { ...jwk, kid, use: "sig", alg: "RS256" }, publicKey };
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: Config): Promise<string> {
  const address = host.replace(/^\[|\]$/g, "");
  // Names under localhost are this machine too, but not every resolver knows.
  server.listen(port, address.endsWith(".localhost") ? "localhost" : address);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      const message = `Port ${port} is in use. Choose another with \`port\` (\`--port\`); 0 takes any free one.`;
      throw Object.assign(new Error(message), { code: "EADDRINUSE" });
    }
    throw error;
  }
  const taken = (server.address() as AddressInfo).port;
  return `http://${address.includes(":") ? `[${address}]` : address}:${taken}`;
}
