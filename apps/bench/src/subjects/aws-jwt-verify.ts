import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import type { IssuerView } from "../issuer.js";
import type { Subject } from "../subject.js";

const packages = ["aws-jwt-verify"];

/** Fetches the keys itself. */
export const awsJwtVerify: Subject = {
  name: "aws-jwt-verify",
  packages,
  prepare(issuer) {
    const verifier = createFor(issuer);
    return (token) => verifier.verify(token);
  },
};

/** With the keys at hand, and without a promise. */
export const awsJwtVerifySync: Subject = {
  name: "aws-jwt-verify, verifySync",
  packages,
  prepare(issuer) {
    const verifier = createFor(issuer);
    verifier.cacheJwks({ keys: issuer.jwks.keys.map((key) => ({ ...key })) });
    return (token) => verifier.verifySync(token);
  },
};

function createFor({ url, audience, jwksUrl }: IssuerView) {
  return JwtVerifier.create(
    { issuer: url, audience, jwksUri: jwksUrl },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchHttp } }) },
  );
}

/** Its own fetcher speaks https only. */
async function fetchHttp(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.arrayBuffer();
}
