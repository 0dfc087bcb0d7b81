import { createRemoteJWKSet, jwtVerify } from "jose";
import type { Subject } from "../subject.js";

/** As AuthKit's own guide verifies tokens. */
export const jose: Subject = {
  name: "jose",
  packages: ["jose"],
  prepare({ url, audience, jwksUrl }) {
    const keys = createRemoteJWKSet(new URL(jwksUrl));
    const options = { issuer: url, audience, algorithms: ["RS256"] };
    return (token) => jwtVerify(token, keys, options);
  },
};
