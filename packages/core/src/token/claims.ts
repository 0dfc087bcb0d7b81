import { ConnectError } from "../errors.js";
import type { StandardSchema } from "../ports.js";

/** A verified access token. Frozen, but for what a `claims` schema made; the token string itself is not kept. */
export interface AccessToken<Claims = Readonly<Record<string, unknown>>> {
  /** `sub`: whose token this is. AuthKit's own user id or the application's, as the environment is set up. */
  readonly subject: string;
  /** `iss`. */
  readonly issuer: string;
  /** `aud`, as a list. */
  readonly audience: readonly string[];
  /** `scope`, taken apart; empty where the token has none. */
  readonly scopes: readonly string[];
  /** `iat`, in seconds since the epoch. */
  readonly issuedAt: number;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What the `claims` schema made of the token's claims; without a schema, all of them. */
  readonly claims: Claims;
}

/** The claims of a token whose signature, issuer, audience and times are known to be good. */
export type VerifiedPayload = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly iat: number;
  readonly exp: number;
};

/** Gives verified claims their shape. Throws `invalid_token` with reason `sub`, `scope` or `claims`. */
export async function parseClaims<Claims>(
  payload: VerifiedPayload,
  schema: StandardSchema<Claims> | undefined,
): Promise<AccessToken<Claims>> {
  const { sub, scope = "" } = payload;
  if (typeof sub !== "string" || sub === "") throw new ConnectError("invalid_token", { reason: "sub" });
  if (typeof scope !== "string") throw new ConnectError("invalid_token", { reason: "scope" });
  return Object.freeze({
    subject: sub,
    issuer: payload.iss,
    audience: Object.freeze([payload.aud].flat()) as readonly string[],
    scopes: Object.freeze(scope.split(" ").filter((one) => one !== "")),
    issuedAt: payload.iat,
    expiresAt: payload.exp,
    // Without a schema, Claims is the payload's own type: createVerifier's signature sees to it.
    claims:
      schema === undefined ? (Object.freeze({ ...payload }) as Claims) : await validate(payload, schema),
  });
}

async function validate<Claims>(payload: VerifiedPayload, schema: StandardSchema<Claims>): Promise<Claims> {
  const result = await schema["~standard"].validate(payload);
  if (result.issues !== undefined) throw new ConnectError("invalid_token", { reason: "claims" });
  return result.value;
}
