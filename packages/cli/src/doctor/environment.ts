import { isLocalAuthKit } from "./authkit.js";
import { type Finding, findingsOf } from "./finding.js";
import type { Setup } from "./setup.js";

const { ok, info, warning, failure } = findingsOf("environment");

/** Prefixes of variables that bundlers write into what browsers load. */
const PUBLIC_PREFIXES = ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "EXPO_PUBLIC_", "REACT_APP_", "NUXT_PUBLIC_"];

/** The variables: whether they are there, and whether the key is where no browser sees it. */
export function checkEnvironment(setup: Setup): Finding[] {
  const { environment, authkitUrl, loginUri, audience } = setup;
  return [
    authkitUrl
      ? ok("authkit-url", "The AuthKit domain is given.")
      : failure(
          "authkit-url",
          "AUTHKIT_URL is not set.",
          "Set it to your AuthKit domain, as in https://example.authkit.app (WorkOS dashboard, Domains).",
        ),
    checkApiKey(environment.WORKOS_API_KEY, isLocalAuthKit(setup)),
    ...checkPublicVariables(environment),
    loginUri
      ? ok("login-uri", "The Login URI is known.")
      : warning(
          "login-uri",
          "Neither LOGIN_URI nor APP_URL is set: the Login URI can't be looked at.",
          "Set APP_URL to the application's own address, or say --login-uri <url>.",
        ),
    audience
      ? ok("audience", "What access tokens must be made for is given.")
      : warning(
          "audience",
          "CONNECT_AUDIENCE is not set: the resource can't be looked at.",
          "Set it to the resource indicator that is registered with AuthKit, or say --resource <uri>.",
        ),
  ];
}

function checkApiKey(apiKey: string | undefined, isLocal: boolean): Finding {
  // `connect dev` gives the key to the application alone, so that beside it there is none to look at.
  if (apiKey === undefined && isLocal) {
    return info(
      "api-key",
      "WORKOS_API_KEY is not set here, so the application's is not looked at: connect dev gives it one.",
    );
  }
  if (apiKey === undefined) {
    return failure(
      "api-key",
      "WORKOS_API_KEY is not set.",
      "Set it to an API key of the same environment (WorkOS dashboard, API keys), on the server alone.",
    );
  }
  if (/[^\x21-\x7e]/.test(apiKey)) {
    return failure(
      "api-key",
      "WORKOS_API_KEY holds white space or characters that no key has.",
      "Copy the key anew: a line break or a quote came along.",
    );
  }
  return apiKey.startsWith("sk_")
    ? ok("api-key", "WORKOS_API_KEY is set.")
    : warning(
        "api-key",
        "WORKOS_API_KEY does not begin with sk_, as WorkOS's API keys do.",
        "Look whether it is the client id or another service's key.",
      );
}

/** A key that a bundler publishes is everybody's. */
function checkPublicVariables(environment: Setup["environment"]): Finding[] {
  const { WORKOS_API_KEY } = environment;
  return Object.entries(environment)
    .filter(([name, value]) => {
      const isPublic = PUBLIC_PREFIXES.some((prefix) => name.startsWith(prefix));
      return isPublic && (value === WORKOS_API_KEY || name.endsWith("WORKOS_API_KEY"));
    })
    .map(([name]) =>
      failure(
        "published-key",
        `${name} holds the API key, and bundlers write variables of that name into what browsers load.`,
        "Remove it, and replace the key at WorkOS if it was ever deployed.",
      ),
    );
}
