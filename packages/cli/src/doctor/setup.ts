import type { Environment } from "../environment.js";
import { LOGIN_PATH } from "../login-path.js";

/** What is to be looked at: from options, and where none is given from the environment. */
export interface Setup {
  readonly environment: Environment;
  /** As it was written; undefined where it was not. */
  readonly authkitUrl: string | undefined;
  readonly loginUri: string | undefined;
  /** What access tokens are made for: a resource indicator, or the environment's client id. */
  readonly audience: string | undefined;
  /** Whether clients should be able to come by a document or by registration; undefined where nobody says. */
  readonly cimd: boolean | undefined;
  readonly dcr: boolean | undefined;
}

export interface SetupOptions {
  readonly authkitUrl?: string;
  readonly loginUri?: string;
  readonly resource?: string;
  readonly cimd?: boolean;
  readonly dcr?: boolean;
}

export function readSetup(options: SetupOptions, environment: Environment): Setup {
  const { APP_URL, LOGIN_URI, AUTHKIT_URL, CONNECT_AUDIENCE } = environment;
  return {
    environment,
    authkitUrl: options.authkitUrl ?? AUTHKIT_URL,
    loginUri: options.loginUri ?? LOGIN_URI ?? (APP_URL && APP_URL.replace(/\/$/, "") + LOGIN_PATH),
    audience: options.resource ?? CONNECT_AUDIENCE,
    cimd: options.cimd,
    dcr: options.dcr,
  };
}
