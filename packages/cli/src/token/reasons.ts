/** What a reason of `invalid_token` means, and what to do. */
export interface Reason {
  readonly what: string;
  readonly todo: string;
}

/** The checks of core's verifier, in the order in which it makes them. */
export const REASONS = {
  malformed: {
    what: "The form of a JWT: three parts of base64url in their only spelling, JSON inside, 8192 characters at most",
    todo: "Look whether all of the token was copied, and whether the client sends its access token and not an opaque one.",
  },
  alg: {
    what: "The algorithm is RS256",
    todo: "This token is not signed as AuthKit signs. Nobody should take it.",
  },
  crit: {
    what: "No extension is marked critical",
    todo: "AuthKit marks none: look where this token comes from.",
  },
  typ: {
    what: "The type is an access token's, or none",
    todo: "The client sends a token of another kind (logout, DPoP, ...): it must send the access token.",
  },
  id_token: {
    what: "It is no ID token",
    todo: "The client sends its id_token. APIs take its access_token.",
  },
  iss: {
    what: "iss is the issuer",
    todo: "The token is another environment's, or AUTHKIT_URL is not written as AuthKit does: connect doctor looks.",
  },
  aud: {
    what: "aud holds the audience",
    todo:
      "Register the audience with AuthKit as a resource indicator, byte for byte, and let the client send it as resource. " +
      "Where none is registered, aud is the environment's client id; if it is the client's own, this is its id_token.",
  },
  exp: { what: "exp is a time", todo: "AuthKit's tokens always have one: look where this one comes from." },
  expired: {
    what: "It has not expired",
    todo: "The client should refresh it. If it is fresh, compare the clocks: connect doctor looks.",
  },
  iat: { what: "iat is a time", todo: "AuthKit's tokens always have one: look where this one comes from." },
  nbf: { what: "It is good already", todo: "Compare the clocks: connect doctor looks." },
  sub: { what: "sub names somebody", todo: "AuthKit's tokens always do: look where this one comes from." },
  scope: {
    what: "scope is a text",
    todo: "AuthKit's tokens have one or none: look where this one comes from.",
  },
  kid: {
    what: "The issuer publishes the key that it names",
    todo: "The key was withdrawn, or the token is another environment's: get a new one.",
  },
  signature: {
    what: "The issuer's key made the signature",
    todo: "Somebody else signed it, or it was changed on the way. Nobody should take it.",
  },
  userId: {
    what: "The claim with your own id of the user is there",
    todo: "Add it to the JWT template of the environment, from {{ user.external_id }}.",
  },
} as const satisfies Record<string, Reason>;

export type ReasonName = keyof typeof REASONS;
