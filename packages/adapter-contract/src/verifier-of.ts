import type { AccessToken, TokenOutcome, Verifier } from "@connect/core";

/** A verifier whose answer is given: for tests of what an adapter does with it. */
export function verifierOf<Claims>(outcome: TokenOutcome<Claims>): Verifier<Claims> {
  return {
    authorize: async () => outcome,
    guard: () => () => outcome,
    verify: () => Promise.reject(new Error("not called")),
  };
}

/** A verifier that lets everybody in, with these claims. */
export function verifierWith<Claims>(claims: Claims): Verifier<Claims> {
  const accessToken: AccessToken<Claims> = {
    kind: "user",
    subject: "user_ada",
    userId: undefined,
    issuer: "https://example.authkit.app",
    audience: ["https://api.example.com"],
    scopes: [],
    clientId: undefined,
    organizationId: undefined,
    consentId: undefined,
    tokenId: undefined,
    issuedAt: 0,
    expiresAt: 300,
    claims,
  };
  return verifierOf({ type: "authorized", accessToken });
}
