import { ConnectError } from "../errors.js";
import type { StandardSchema } from "../ports.js";
import type { JwtPayload } from "./jwt.js";

/** A verified access token. Frozen through and through, and shared by all requests that carry it. */
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

/** Gives the claims of a good token their shape. Throws `invalid_token` (reason `claims`) where the schema refuses. */
export async function toAccessToken<Claims>(
  payload: JwtPayload,
  schema: StandardSchema<Claims> | undefined,
): Promise<AccessToken<Claims>> {
  const { iss, sub, aud, scope = "", iat, exp } = payload;
  return deepFreeze({
    subject: sub,
    issuer: iss,
    audience: typeof aud === "string" ? [aud] : aud,
    scopes: scope.split(" ").filter((one) => one !== ""),
    issuedAt: iat,
    expiresAt: exp,
    // Without a schema, Claims is the payload's own type: createVerifier's signature sees to it.
    claims: schema === undefined ? (payload as unknown as Claims) : await validate(payload, schema),
  });
}

async function validate<Claims>(payload: JwtPayload, schema: StandardSchema<Claims>): Promise<Claims> {
  const result = await schema["~standard"].validate(payload);
  if (result.issues !== undefined) throw new ConnectError("invalid_token", { reason: "claims" });
  return result.value;
}

/** Plain objects and lists, however deep (a token can nest some thousand levels); a schema's own classes stay theirs. */
function deepFreeze<T>(root: T): T {
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) continue;
    const prototype = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) continue;
    open.push(
      ...Object.values(Object.freeze(value)).filter((one) => typeof one === "object" && one !== null),
    );
  }
  return root;
}
