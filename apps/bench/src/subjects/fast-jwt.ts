import { createVerifier } from "fast-jwt";
import buildGetJwks from "get-jwks";
import type { IssuerView } from "../issuer.js";
import type { Subject } from "../subject.js";

/** Configured with the key. It is faster than fetching keys by far, so this is what first sights compare with. */
export const fastJwt: Subject = {
  name: "fast-jwt",
  packages: ["fast-jwt"],
  prepare: (issuer) => createVerifier({ ...rules(issuer), key: issuer.pem }),
};

/** With its cache, for so many tokens. */
export function fastJwtCached(cacheSize: number): Subject {
  return {
    name: "fast-jwt, cached",
    packages: ["fast-jwt"],
    prepare: (issuer) => createVerifier({ ...rules(issuer), key: issuer.pem, cache: cacheSize }),
  };
}

/** With the issuer's keys. */
export const fastJwtGetJwks: Subject = {
  name: "fast-jwt + get-jwks",
  packages: ["fast-jwt", "get-jwks"],
  prepare(issuer) {
    const getJwks = buildGetJwks({ jwksPath: "/oauth2/jwks", issuersWhitelist: [issuer.url] });
    return createVerifier({
      ...rules(issuer),
      key: (token: { header: Record<string, string> }) => {
        const { kid = "", alg = "" } = token.header;
        return getJwks.getPublicKey({ kid, alg, domain: issuer.url });
      },
    });
  },
};

function rules({ url, audience }: IssuerView) {
  return { algorithms: ["RS256" as const], allowedIss: url, allowedAud: audience };
}
