import { verifyWithJwks } from "hono/jwt";
import type { Subject } from "../subject.js";

/** What `hono/jwk` calls for each request, with the keys at hand. */
export const honoJwkKeys: Subject = {
  name: "hono/jwk, static keys",
  packages: ["hono"],
  prepare({ url, audience, jwks }) {
    const keys = jwks.keys.map((key) => ({ ...key }));
    return (token) =>
      verifyWithJwks(token, {
        keys,
        allowedAlgorithms: ["RS256"],
        verification: { iss: url, aud: audience },
      });
  },
};

/** What `hono/jwk` calls for each request, as documented. */
export const honoJwk: Subject = {
  name: "hono/jwk",
  packages: ["hono"],
  prepare({ url, audience, jwksUrl }) {
    return (token) =>
      verifyWithJwks(token, {
        jwks_uri: jwksUrl,
        allowedAlgorithms: ["RS256"],
        verification: { iss: url, aud: audience },
      });
  },
};
