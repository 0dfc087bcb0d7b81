import { createVerifier, type RequestView, type TokenOutcome, type VerifierConfig } from "@connect/core";
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

/** A route's guard: from the Authorization header to the outcome, as an adapter asks for it. */
export const connectGuard: Subject = {
  name: "connect, guard",
  packages,
  prepare(issuer) {
    const guard = createVerifier(configFor(issuer)).guard();
    return (token) => {
      const outcome = guard(requestWith(token));
      return outcome instanceof Promise ? outcome.then(pass) : pass(outcome);
    };
  },
};

function requestWith(token: string): RequestView {
  const authorization = `Bearer ${token}`;
  return {
    method: "GET",
    url: "/",
    headers: { get: (name) => (name === "authorization" ? authorization : null) },
  };
}

function pass(outcome: TokenOutcome): void {
  if (outcome.type !== "authorized") throw outcome.error;
}

function configFor(issuer: IssuerView) {
  return { issuer: issuer.url, audience: issuer.audience, jwksUrl: issuer.jwksUrl } as const;
}

function verifyOf(config: VerifierConfig<Readonly<Record<string, unknown>>>): Verify {
  return createVerifier(config).verify;
}
