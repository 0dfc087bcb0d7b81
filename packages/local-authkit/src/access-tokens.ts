import { type JWTPayload, jwtVerify } from "jose";

import type { Clock } from "./clock.js";
import type { SigningKeys } from "./signing-keys.js";
import type { Collection, State } from "./state.js";

export interface VerifiedAccessToken {
  claims: JWTPayload;
  /** The grant it was issued under; M2M tokens have none. */
  grantId: string | undefined;
}

/** The access tokens this AuthKit issued: userinfo and introspection ask whether one still holds. */
export class AccessTokens {
  readonly #issuer: string;
  readonly #keys: SigningKeys;
  readonly #clock: Clock;
  readonly #grants: Collection<{ grantId?: string }>;

  constructor(issuer: string, keys: SigningKeys, state: State, clock: Clock) {
    this.#issuer = issuer;
    this.#keys = keys;
    this.#clock = clock;
    this.#grants = state.collection("access_tokens");
  }

  /** Remembers, for `ttl` seconds, under which grant a token was issued. */
  record(jti: string, grantId: string | undefined, ttl: number): void {
    this.#grants.set(jti, grantId === undefined ? {} : { grantId }, ttl);
  }

  /** Undefined for anything that is not an unexpired access token of ours. */
  async verify(token: string): Promise<VerifiedAccessToken | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.find, {
        issuer: this.#issuer,
        algorithms: ["RS256"],
        currentDate: new Date(this.#clock()),
      });
      // ID tokens are signed with the same key, but have no record.
      const record = this.#grants.get(payload.jti ?? "");
      return record && { claims: payload, grantId: record.grantId };
    } catch {
      return undefined;
    }
  }
}
