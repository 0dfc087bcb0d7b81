/** What the app has to know: its own registration at AuthKit, and the API it wants to use. */
export interface Settings {
  /** The port to listen on; 0 asks the system for a free one. */
  port: number;
  /** AuthKit's origin, which is the issuer. */
  authkitUrl: string;
  clientId: string;
  /** null for a public client, which has PKCE alone. */
  clientSecret: string | null;
  /** What the access token is to be good for (RFC 8707). */
  resource: string;
  /** The address that "Call the API" sends the access token to. */
  apiUrl: string;
}

/**
 * Reads the environment, the only place that does. Its defaults fit a local AuthKit and an example product.
 * Throws an `Error` that names the variable at fault and never shows its value.
 */
export function readEnvironment(env: Record<string, string | undefined> = process.env): Settings {
  return {
    port: readPort(env),
    authkitUrl: readAuthKitUrl(env),
    clientId: read(env, "CLIENT_ID") ?? "client_local_partner",
    // Set but empty is an answer here: a client without a secret.
    clientSecret: (env.CLIENT_SECRET ?? "partner_secret_local").trim() || null,
    resource: readResource(env),
    apiUrl: readAddress(env, "API_URL", "http://localhost:3000/api/me").href,
  };
}

/** Whether plain http to this address stays on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

function read(env: Record<string, string | undefined>, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function readPort(env: Record<string, string | undefined>): number {
  const value = read(env, "PORT") ?? "3001";
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
    throw new Error("PORT must be a whole number from 0 to 65535.");
  }
  return Number(value);
}

function readAuthKitUrl(env: Record<string, string | undefined>): string {
  const url = readAddress(env, "AUTHKIT_URL", "http://localhost:4000");
  if (url.pathname !== "/" || url.search || url.hash) {
    throw new Error("AUTHKIT_URL must be an origin: scheme, host and port, nothing else.");
  }
  return url.origin;
}

function readResource(env: Record<string, string | undefined>): string {
  const value = read(env, "RESOURCE") ?? "http://localhost:3000/api";
  if (!URL.canParse(value) || new URL(value).hash) {
    throw new Error("RESOURCE must be an absolute URI without a fragment.");
  }
  // As it was written: the API compares the token's audience character by character.
  return value;
}

function readAddress(env: Record<string, string | undefined>, name: string, fallback: string): URL {
  const value = read(env, name) ?? fallback;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Error(`${name} must be an http or https address.`);
  }
  // Secrets and tokens go there.
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw new Error(`${name} must use https unless it is on this machine.`);
  }
  return url;
}
