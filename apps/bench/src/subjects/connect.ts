import { createVerifier, type VerifierConfig } from "@connect/core";
import { nodeSignatures } from "@connect/core/node";
import type { IssuerView } from "../issuer.js";
import type { Subject, Verify } from "../subject.js";

const packages = ["@connect/core"];

/** `verifier.verify`, with the default port for signatures. */
export function connect(cacheSize?: number): Subject {
  return { name: "connect", packages, prepare: (issuer) => verifyOf({ ...configFor(issuer), cacheSize }) };
}

/** `verifier.verify`, with the signatures of `@connect/core/node`. */
export function connectNode(cacheSize?: number): Subject {
  return {
    name: "connect, Node's crypto",
    packages,
    prepare: (issuer) => verifyOf({ ...configFor(issuer), cacheSize, signatures: nodeSignatures }),
  };
}

/** `verifier.authorize`: from the Authorization header to the outcome, as an adapter asks for it. */
export const connectAuthorize: Subject = {
  name: "connect, authorize",
  packages,
  prepare(issuer) {
    const verifier = createVerifier(configFor(issuer));
    return async (token) => {
      const outcome = await verifier.authorize({
        method: "GET",
        url: "/",
        headers: { get: (name) => (name === "authorization" ? `Bearer ${token}` : null) },
      });
      if (outcome.type !== "authorized") throw outcome.error;
    };
  },
};

function configFor(issuer: IssuerView) {
  return { issuer: issuer.url, audience: issuer.audience, jwksUrl: issuer.jwksUrl } as const;
}

function verifyOf(config: VerifierConfig<Readonly<Record<string, unknown>>>): Verify {
  const verifier = createVerifier(config);
  return (token) => verifier.verify(token);
}
