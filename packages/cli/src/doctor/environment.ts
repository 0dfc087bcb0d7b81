import { isLoopback, parseUrl } from "../loopback.js";
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
    ...checkByteOrderMark(environment),
    authkitUrl
      ? ok("authkit-url", "The AuthKit domain is given.")
      : failure(
          "authkit-url",
          "AUTHKIT_URL is not set.",
          "Set it to your AuthKit domain, as in https://example.authkit.app (WorkOS dashboard, Domains).",
        ),
    checkApiKey(environment.WORKOS_API_KEY, isLocalAuthKit(setup)),
    ...checkPublicVariables(environment),
    ...checkApiUrl(environment.WORKOS_API_URL, isLocalAuthKit(setup)),
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

/** Some editors begin a file with one, and for Node it is part of the first variable's name. */
function checkByteOrderMark(environment: Setup["environment"]): Finding[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith("\ufeff"))
    .map((name) =>
      failure(
        "byte-order-mark",
        `A .env begins with a byte order mark: for Node, ${name.slice(1)} is not set.`,
        "Save it as UTF-8 without a byte order mark.",
      ),
    );
}

/** What is left of development: logins would be completed at an AuthKit that did not begin them. */
function checkApiUrl(apiUrl: string | undefined, isLocal: boolean): Finding[] {
  const url = parseUrl(apiUrl ?? "");
  if (isLocal || url === undefined || !isLoopback(url)) return [];
  return [
    failure(
      "api-url",
      "WORKOS_API_URL is on this machine, and AUTHKIT_URL is not: no login can be completed.",
      "Remove it: it is for a local AuthKit alone.",
    ),
  ];
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
