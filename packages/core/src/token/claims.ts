import type { StandardSchema } from "../ports.js";
import { invalidToken, type JwtPayload } from "./jwt.js";

/** A verified access token. Frozen through and through, and shared by all requests that carry it. */
export interface AccessToken<Claims = Readonly<Record<string, unknown>>> {
  /**
   * Whether a user stands behind the token or an application acts for itself (the client credentials grant), in which
   * case `sub` is the client's own id. Source: AuthKit, Connect, "Token claims".
   */
  readonly kind: "user" | "m2m";
  /** `sub`: whose token this is. AuthKit's own user id or the application's, as the environment is set up. */
  readonly subject: string;
  /**
   * The application's own id of the user, where `createVerifier` was told how tokens say it (`userId`). Undefined for
   * applications that act for themselves.
   */
  readonly userId: string | undefined;
  /** `iss`. */
  readonly issuer: string;
  /** `aud`, as a list. */
  readonly audience: readonly string[];
  /** `scope`, taken apart; empty where the token has none. */
  readonly scopes: readonly string[];
  /** `client_id`: the application that was given the token. Not in every token. */
  readonly clientId: string | undefined;
  /** `org_id`: the organization that the user chose, or that owns a machine's application. */
  readonly organizationId: string | undefined;
  /** `sid`: the consent the token was issued under, the same for all tokens that came of it. It is no session. */
  readonly consentId: string | undefined;
  /** `jti`: this token's own id. */
  readonly tokenId: string | undefined;
  /** `iat`, in seconds since the epoch. */
  readonly issuedAt: number;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What the `claims` schema made of the token's claims; without a schema, all of them. */
  readonly claims: Claims;
}

/** How the parts of a token that are the application's are read. */
export interface ClaimsReading<Claims> {
  readonly schema: StandardSchema<Claims> | undefined;
  /** The claim that holds the application's own id of the user; `undefined` where none does. */
  readonly userIdClaim: string | undefined;
}

/**
 * Gives the claims of a good token their shape, at once where there is no schema. Throws `invalid_token` with reason
 * `claims` where the schema refuses, and `userId` where a user's token does not say whose it is.
 */
export function toAccessToken<Claims>(
  payload: JwtPayload,
  { schema, userIdClaim }: ClaimsReading<Claims>,
): AccessToken<Claims> | Promise<AccessToken<Claims>> {
  const { iss, sub, aud, scope = "", iat, exp, client_id, org_id, sid, jti } = payload;
  const kind = sub === client_id ? "m2m" : "user";
  const userId = kind === "m2m" || userIdClaim === undefined ? undefined : readUserId(payload, userIdClaim);
  const shape = (claims: Claims): AccessToken<Claims> =>
    deepFreeze({
      kind,
      subject: sub,
      userId,
      issuer: iss,
      audience: typeof aud === "string" ? [aud] : aud,
      scopes: scope.split(" ").filter((one) => one !== ""),
      clientId: toText(client_id),
      organizationId: toText(org_id),
      consentId: toText(sid),
      tokenId: toText(jti),
      issuedAt: iat,
      expiresAt: exp,
      claims,
    });
  // Without a schema, Claims is the payload's own type: createVerifier's signature sees to it.
  return schema === undefined ? shape(payload as unknown as Claims) : validate(payload, schema).then(shape);
}

function readUserId(payload: JwtPayload, claim: string): string {
  const userId = payload[claim];
  if (typeof userId !== "string" || userId === "") throw invalidToken("userId");
  return userId;
}

/** Claims that tokens need not have are taken where they are what they should be. */
function toText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

async function validate<Claims>(payload: JwtPayload, schema: StandardSchema<Claims>): Promise<Claims> {
  const result = await schema["~standard"].validate(payload);
  if (result.issues !== undefined) throw invalidToken("claims");
  return result.value;
}

/** Plain objects and lists, however deep (a token can nest some thousand levels); a schema's own classes stay theirs. */
function deepFreeze<T>(root: T): T {
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const prototype = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) continue;
    Object.freeze(value);
    // What is no object is frozen by its nature.
    for (const one of Object.values(value as object)) if (!Object.isFrozen(one)) open.push(one);
  }
  return root;
}
