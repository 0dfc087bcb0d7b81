import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";
import { ConnectError } from "../errors.js";
import type { Fetch } from "../ports.js";

/** How long fetching the keys may take, in milliseconds. */
const TIMEOUT = 5_000;

/**
 * The issuer's keys, fetched when first needed and kept by jose. Tells two things apart that jose reports alike: a
 * token naming a key that isn't there (`invalid_token`), and keys that could not be had (`jwks_unavailable`).
 */
export function createKeys(jwksUrl: URL, fetch: Fetch | undefined): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(jwksUrl, {
    timeoutDuration: TIMEOUT,
    ...(fetch === undefined ? {} : { [customFetch]: (url: string, init: RequestInit) => fetch(url, init) }),
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const isWithoutMatch =
        error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      // An empty set is an outage: nobody issues tokens without a key.
      if (isWithoutMatch && keys.jwks()?.keys.length !== 0) {
        throw new ConnectError("invalid_token", { reason: "kid" });
      }
      throw new ConnectError("jwks_unavailable");
    }
  };
}
