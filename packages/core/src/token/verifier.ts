import { errors, jwtVerify } from "jose";
import {
  checkScopes,
  invalidConfig,
  parseAmount,
  parseFunction,
  parseHeaderSafe,
  parsePublicUrl,
  parseServiceUrl,
} from "../config.js";
import { ConnectError, isConnectError } from "../errors.js";
import type { TokenOutcome } from "../outcome.js";
import type { Clock, Fetch, RequestView, StandardSchema } from "../ports.js";
import { readBearer } from "./bearer.js";
import { toChallenge } from "./challenge.js";
import { type AccessToken, parseClaims, type VerifiedPayload } from "./claims.js";
import { createKeys } from "./keys.js";

/** The signature algorithms that can be allowed: asymmetric ones only. AuthKit signs with RS256. */
export type Algorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "EdDSA";

const ALGORITHMS: ReadonlySet<string> = new Set<Algorithm>([
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"] as const),
]);

/** What {@link createVerifier} needs to know. */
export interface VerifierConfig<Claims> {
  /** The AuthKit domain as it stands in `iss`: `https://example.authkit.app`, without a slash at its end. */
  readonly issuer: string;
  /**
   * What `aud` must hold, byte for byte: the resource indicator as it is registered with AuthKit, or the
   * environment's client id where none is registered. There is no way to leave it out: a token meant for another
   * resource is a bad token.
   */
  readonly audience: string;
  /** Where the issuer's keys are. Default `<issuer>/oauth2/jwks`. */
  readonly jwksUrl?: string | undefined;
  /**
   * Where this resource's metadata is: `resource.metadataUrl` of `createProtectedResource`. Every challenge names it,
   * so that MCP clients find AuthKit by themselves. Default: challenges name none.
   */
  readonly resourceMetadataUrl?: string | undefined;
  /** Default `["RS256"]`. */
  readonly algorithms?: readonly Algorithm[] | undefined;
  /** How far the clocks may differ, in seconds. Default 5, at most 60: AuthKit's tokens live 300. */
  readonly clockTolerance?: number | undefined;
  /**
   * A schema for the claims (any Standard Schema: valibot, zod, arktype). Its output is `accessToken.claims`, and a
   * token that fails it is refused.
   */
  readonly claims?: StandardSchema<Claims> | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Default `Date.now`. */
  readonly clock?: Clock | undefined;
}

/** What a route asks for beyond a good token. */
export interface TokenRequirements {
  /** Scopes the token must have, all of them. Default none. */
  readonly scopes?: readonly string[] | undefined;
}

/** The resource server's side: verifies access tokens, and knows no secret. */
export interface Verifier<Claims = Readonly<Record<string, unknown>>> {
  /**
   * Decides about a request. Never throws for what the client or the issuer did: `authorized`, a `challenge`
   * (`missing_token`, `invalid_request`, `invalid_token`, `insufficient_scope`), or `unavailable`
   * (`jwks_unavailable`). Throws `invalid_config` where `requirements` are at fault (see
   * {@link checkTokenRequirements}), and what a claims schema throws.
   */
  authorize(request: RequestView, requirements?: TokenRequirements): Promise<TokenOutcome<Claims>>;
  /** Verifies one token. Throws `invalid_token`, its reason naming the check, or `jwks_unavailable`. */
  verify(token: string): Promise<AccessToken<Claims>>;
}

/**
 * Sets up the resource server's side. Throws `invalid_config`, naming the option.
 * Source: AuthKit, Connect, "Token claims"; RFC 7519, RFC 6750.
 */
export function createVerifier<Claims = Readonly<Record<string, unknown>>>(
  config: VerifierConfig<Claims>,
): Verifier<Claims> {
  const issuer = parseIssuer(config.issuer);
  const audience = parseHeaderSafe(config.audience, "audience");
  const keys = createKeys(
    parseServiceUrl(config.jwksUrl ?? `${issuer}/oauth2/jwks`, "jwksUrl"),
    parseFunction<Fetch | undefined>(config.fetch, "fetch", undefined),
  );
  const algorithms = parseAlgorithms(config.algorithms ?? ["RS256"]);
  const clockTolerance = parseAmount(config.clockTolerance ?? 5, "clockTolerance", { min: 0, max: 60 });
  const clock = parseFunction<Clock>(config.clock, "clock", Date.now);
  const schema = parseSchema(config.claims);
  const resourceMetadataUrl =
    config.resourceMetadataUrl === undefined
      ? undefined
      : parsePublicUrl(config.resourceMetadataUrl, "resourceMetadataUrl").href;

  async function verify(token: string): Promise<AccessToken<Claims>> {
    return parseClaims(await verifySignedClaims(token), schema);
  }

  async function verifySignedClaims(token: string): Promise<VerifiedPayload> {
    const currentDate = new Date(clock());
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance,
        currentDate,
        requiredClaims: ["exp", "iat", "sub"],
      });
      // jose has looked at iss, aud, exp and iat; what it checks is what this type says.
      return payload as VerifiedPayload;
    } catch (error) {
      throw isConnectError(error) ? error : toInvalidToken(error);
    }
  }

  async function authorize(
    request: RequestView,
    requirements: TokenRequirements = {},
  ): Promise<TokenOutcome<Claims>> {
    checkTokenRequirements(requirements);
    const scopes = requirements.scopes ?? [];
    try {
      const accessToken = await verify(readBearer(request));
      if (!scopes.every((scope) => accessToken.scopes.includes(scope)))
        throw new ConnectError("insufficient_scope");
      return { type: "authorized", accessToken };
    } catch (error) {
      if (!isConnectError(error)) throw error;
      return error.code === "jwks_unavailable"
        ? { type: "unavailable", error }
        : toChallenge(error, scopes, resourceMetadataUrl);
    }
  }

  return { authorize, verify };
}

/**
 * Checks a route's requirements once, where the route is made, so that a mistake shows at start-up and not at the
 * first request. Throws `invalid_config`, naming the option.
 */
export function checkTokenRequirements(requirements: TokenRequirements): void {
  if (requirements.scopes !== undefined) checkScopes(requirements.scopes);
}

/** The check that failed, in a fixed word. jose's errors hold the claims, and stay here. */
function toInvalidToken(error: unknown): ConnectError {
  return new ConnectError("invalid_token", { reason: findReason(error) });
}

function findReason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "expired";
  // `claim` is one of the names that this file asks jose to check.
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
  if (error instanceof errors.JOSEAlgNotAllowed) return "alg";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  return "malformed";
}

function parseIssuer(value: unknown): string {
  const url = parseServiceUrl(value, "issuer");
  if (String(value).endsWith("/"))
    throw invalidConfig("issuer: must not end with a slash, as AuthKit's doesn't");
  // The string is compared as it is, so it must be one that an issuer can have.
  if (url.href !== `${value}/` && url.href !== value) throw invalidConfig("issuer: not written as URLs are");
  return String(value);
}

function parseAlgorithms(value: readonly string[]): string[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every((algorithm) => ALGORITHMS.has(algorithm))) {
    throw invalidConfig("algorithms: must be a list of asymmetric JWS algorithms");
  }
  return [...value];
}

function parseSchema<Claims>(value: StandardSchema<Claims> | undefined): StandardSchema<Claims> | undefined {
  if (value !== undefined && typeof value?.["~standard"]?.validate !== "function") {
    throw invalidConfig("claims: must be a Standard Schema");
  }
  return value;
}
