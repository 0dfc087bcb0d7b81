import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";

/** Everything the example apps take from outside, checked and with its defaults filled in. */
export interface Environment {
  /** AuthKit's origin, without a trailing slash: also the issuer of the tokens. */
  authkitUrl: string;
  /** Origin of the WorkOS API. */
  apiUrl: string;
  apiKey: string;
  /** The application's own origin as browsers and clients see it, without a trailing slash: behind a proxy, the outer one. */
  appUrl: string;
  /** What the API's access tokens must be made for, exactly as a token's `aud` says it. */
  audience: string;
  /** Address of the MCP endpoint, and what its access tokens must be made for. */
  mcpResource: string;
  /** 0 asks the system for a free port. */
  port: number;
  /** Signs the product's own session cookies. */
  sessionSecret: string;
}

/**
 * Reads the environment, and a `.env` file in the current folder where there is one; the only place that does. With
 * nothing set it fits a local AuthKit on port 4000.
 * Throws an `Error` that names the variable at fault and never shows its value.
 */
export function readEnvironment(env: Record<string, string | undefined> = loadEnvironment()): Environment {
  const authkitUrl = readOrigin(env, "AUTHKIT_URL") ?? "http://localhost:4000";
  const isLocal = isLoopback(new URL(authkitUrl));
  const port = readPort(env);
  const appUrl = readAppUrl(env, port);
  return {
    authkitUrl,
    apiUrl: readOrigin(env, "WORKOS_API_URL") ?? (isLocal ? authkitUrl : "https://api.workos.com"),
    apiKey: readApiKey(env, isLocal),
    appUrl,
    audience: readAudience(env) ?? `${appUrl}/api`,
    mcpResource: `${appUrl}/mcp`,
    port,
    sessionSecret: readSessionSecret(env),
  };
}

/**
 * The line an example prints when it listens: the exact strings to register with AuthKit as resource indicators. An
 * audience that is no address is the environment's client id, which is not registered.
 */
export function resourceIndicators({ audience, mcpResource }: Environment): string {
  const resources = [audience, mcpResource].filter((resource) => URL.canParse(resource));
  return `Resource indicators to register with AuthKit: ${resources.join(" ")}`;
}

function loadEnvironment(): NodeJS.ProcessEnv {
  if (existsSync(".env")) loadEnvFile();
  return process.env;
}

function read(env: Record<string, string | undefined>, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function readOrigin(env: Record<string, string | undefined>, name: string): string | undefined {
  const value = read(env, name);
  if (value === undefined) return undefined;
  const url = parseUrl(value);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new Error(`${name} must be an http or https address.`);
  }
  if (url.username || url.password || url.pathname !== "/" || url.search || url.hash) {
    throw new Error(`${name} must be an origin: scheme, host and port, nothing else.`);
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw new Error(`${name} must use https unless it is on this machine.`);
  }
  return url.origin;
}

function readApiKey(env: Record<string, string | undefined>, isLocal: boolean): string {
  const value = read(env, "WORKOS_API_KEY");
  if (value !== undefined) return value;
  if (isLocal) return "sk_test_local_authkit";
  throw new Error("WORKOS_API_KEY is required: AUTHKIT_URL is not on this machine.");
}

function readAppUrl(env: Record<string, string | undefined>, port: number): string {
  const value = readOrigin(env, "APP_URL");
  if (value !== undefined) return value;
  // Tokens are made for it, so it must be known before the system gives out a port.
  if (port === 0) throw new Error("APP_URL is required where PORT is 0.");
  return `http://localhost:${port}`;
}

function readAudience(env: Record<string, string | undefined>): string | undefined {
  // Any text: where AuthKit has no resource indicator registered, it is the environment's client id.
  const value = read(env, "CONNECT_AUDIENCE");
  if (value === undefined) return undefined;
  if (!/^[\x21-\x7e]+$/.test(value)) throw new Error("CONNECT_AUDIENCE must be ASCII text without spaces.");
  // As it was written: a token's audience is compared character by character.
  return value;
}

function readPort(env: Record<string, string | undefined>): number {
  const value = read(env, "PORT") ?? "3000";
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
    throw new Error("PORT must be a whole number from 0 to 65535.");
  }
  return Number(value);
}

function readSessionSecret(env: Record<string, string | undefined>): string {
  const value = read(env, "SESSION_SECRET");
  // Random, so an example that was started without a secret can't be signed in to with a known one.
  if (value === undefined) return randomBytes(32).toString("base64url");
  if (value.length < 32) throw new Error("SESSION_SECRET must have at least 32 characters.");
  return value;
}

function parseUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
