import { parseAmount, parseFetch, parseHeaderSafe, parseServiceUrl } from "./config.js";
import type { Fetch } from "./ports.js";

/** What it takes to call the WorkOS API. */
export interface ApiConfig {
  /** The WorkOS API key (`sk_...`). It is sent to `apiUrl` and nowhere else, and is not readable from what it is given to. */
  readonly apiKey: string;
  /** The WorkOS API. Default `https://api.workos.com`. */
  readonly apiUrl?: string | undefined;
  /** How long a call may take as a whole, in milliseconds. Default 8000, at most 60000. */
  readonly timeout?: number | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

/** The same, looked at and complete. */
export interface ApiAccess {
  readonly apiKey: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly timeout: number;
  readonly fetch: Fetch;
}

/** Checks the configuration. Throws `invalid_config`, naming the option. */
export function parseApiAccess(config: ApiConfig): ApiAccess {
  return {
    apiKey: parseHeaderSafe(config.apiKey, "apiKey"),
    apiUrl: parseServiceUrl(config.apiUrl ?? "https://api.workos.com", "apiUrl").href.replace(/\/$/, ""),
    timeout: parseAmount(config.timeout ?? 8_000, "timeout", { min: 1, max: 60_000 }),
    fetch: parseFetch(config.fetch),
  };
}
