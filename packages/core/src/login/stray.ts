import { invalidConfig, parseLocation } from "../config.js";
import { isConnectError } from "../errors.js";
import type { LoginRedirect } from "../outcome.js";
import type { RequestView } from "../ports.js";
import { EXTERNAL_AUTH_ID, readExternalAuthId } from "./external-auth-id.js";
import { requireNavigation } from "./navigation.js";
import { toPath } from "./request-path.js";

/**
 * Finds logins that landed elsewhere: a person's own GET with a usable `external_auth_id`, for any path but the Login
 * URI's, is sent there. `null` for every other request, which goes its own way. For all routes of an application whose
 * pages use no query parameter of this name themselves. Throws `invalid_config` where the path is none.
 */
export function createStrayCatcher(loginPath: string): (request: RequestView) => LoginRedirect | null {
  if (!loginPath.startsWith("/") || parseLocation(loginPath) !== loginPath || /[?#]/.test(loginPath)) {
    throw invalidConfig("loginPath: must be a path");
  }
  return (request) => {
    // Of nearly all requests this is all that is looked at.
    if (!request.url.includes(EXTERNAL_AUTH_ID) || toPath(request) === loginPath) return null;
    try {
      requireNavigation(request, "GET");
      const query = new URLSearchParams({ [EXTERNAL_AUTH_ID]: readExternalAuthId(request) });
      return { type: "redirect", to: "login-uri", location: `${loginPath}?${query}` };
    } catch (error) {
      if (isConnectError(error)) return null;
      throw error;
    }
  };
}
