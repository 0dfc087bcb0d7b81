import { allowInsecureRequests, validateJwtAccessToken } from "oauth4webapi";
import type { Subject } from "../subject.js";

/** Takes the access tokens of RFC 9068 and no others, so it gets those. */
export const oauth4webapi: Subject = {
  name: "oauth4webapi",
  packages: ["oauth4webapi"],
  typ: "at+jwt",
  prepare({ url, audience, jwksUrl }) {
    const server = { issuer: url, jwks_uri: jwksUrl };
    const options = { [allowInsecureRequests]: true, signingAlgorithms: ["RS256"] };
    return (token) => {
      const request = new Request(audience, { headers: { authorization: `Bearer ${token}` } });
      return validateJwtAccessToken(server, request, audience, options);
    };
  },
};
