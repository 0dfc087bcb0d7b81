import { type CryptoKey, type JWTPayload, jwtVerify } from "jose";

import { ExpiringMap } from "./expiring-map.js";

export interface VerifiedAccessToken {
  claims: JWTPayload;
  /** The grant it was issued under; M2M tokens have none. */
  grantId: string | undefined;
}

/** The access tokens this AuthKit issued: userinfo and introspection ask whether one still holds. */
export class AccessTokens {
  readonly #issuer: string;
  readonly #key: CryptoKey;
  readonly #grants = new ExpiringMap<{ grantId: string | undefined }>();

  constructor(issuer: string, key: CryptoKey) {
    this.#issuer = issuer;
    this.#key = key;
  }

  /** Remembers, for `ttl` seconds, under which grant a token was issued. */
  record(jti: string, grantId: string | undefined, ttl: number): void {
    this.#grants.set(jti, { grantId }, ttl);
  }

  /** Undefined for anything that is not an unexpired access token of ours. */
  async verify(token: string): Promise<VerifiedAccessToken | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, { issuer: this.#issuer, algorithms: ["RS256"] });
      // ID tokens are signed with the same key, but have no record.
      const record = this.#grants.get(payload.jti ?? "");
      return record && { claims: payload, grantId: record.grantId };
    } catch {
      return undefined;
    }
  }
}
