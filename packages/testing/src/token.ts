import type { JWTPayload } from "jose";
import { type BrokenTokens, FORGERIES, type Genuine, type TokenMaker } from "./broken-tokens.js";
import type { TestClock } from "./clock.js";
import { type DurationText, toMilliseconds } from "./duration.js";
import { sign } from "./jws.js";
import type { SigningKey } from "./keys.js";

/** What an access token says. All of it is optional. */
export interface TokenOptions {
  /** `sub`. Default `user_test`. */
  readonly sub?: string | undefined;
  /** `scope`, as a list. Default `openid`, `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** `aud`. Default: the kit's audience. */
  readonly audience?: string | readonly string[] | undefined;
  /** `client_id`. Default `client_test`; the same as `sub` makes a token of an application that acts for itself. */
  readonly clientId?: string | undefined;
  /** How long it lives: seconds, or such as `"5m"`. Default 300 seconds, as AuthKit's. */
  readonly expiresIn?: number | DurationText | undefined;
  /** Further claims, which replace those above where they have the same name; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes access tokens as AuthKit signs them; each of its methods makes one with a fault. */
export interface TestToken extends BrokenTokens<TokenOptions> {
  (options?: TokenOptions): Promise<string>;
  /** All the faults by name, to loop over: `Object.entries(authkit.token.broken)`. */
  readonly broken: BrokenTokens<TokenOptions>;
}

/** What tokens have from the AuthKit that makes them. */
export interface TokenSource {
  readonly issuer: string;
  readonly audience: string;
  readonly clock: TestClock;
  readonly currentKey: () => Promise<SigningKey>;
}

export function createToken(source: TokenSource): TestToken {
  const make: TokenMaker<TokenOptions> = async (options) => {
    const { header, claims, key } = await toGenuine(source, options);
    return sign(header, claims, key.privateKey);
  };
  const makers = Object.entries(FORGERIES).map(([name, forge]) => {
    const makeBroken: TokenMaker<TokenOptions> = async (options) => forge(await toGenuine(source, options));
    return [name, makeBroken];
  });
  // One maker for each name of the table, whose names are those of the type.
  const broken = Object.freeze(Object.fromEntries(makers)) as BrokenTokens<TokenOptions>;
  return Object.assign(make, broken, { broken });
}

async function toGenuine(source: TokenSource, options: TokenOptions = {}): Promise<Genuine> {
  const { sub = "user_test", scopes = ["openid", "profile", "email"], clientId = "client_test" } = options;
  const { audience = source.audience, expiresIn = 300, claims = {} } = options;
  const key = await source.currentKey();
  const now = Math.floor(source.clock.now() / 1000);
  const all = {
    iss: source.issuer,
    aud: audience,
    sub,
    client_id: clientId,
    sid: "app_consent_test",
    scope: scopes.join(" "),
    jti: crypto.randomUUID(),
    iat: now,
    exp: now + toMilliseconds(expiresIn, "s") / 1000,
    ...claims,
  };
  // As free as the tests want it: what is no claim's type is there to be refused.
  return { header: { alg: "RS256", kid: key.kid }, claims: all as JWTPayload, key, now };
}
