import {
  invalidConfig,
  parseAmount,
  parseFetch,
  parseFunction,
  parseHeaderSafe,
  parseOnEvent,
  parsePort,
  parsePublicUrl,
  parseServiceUrl,
} from "../config.js";
import { type ConnectError, isConnectError, verifierError } from "../errors.js";
import type { OnEvent, TokenEvent } from "../events.js";
import type { TokenOutcome } from "../outcome.js";
import type {
  Algorithm,
  Clock,
  Fetch,
  KeysCache,
  RequestView,
  Signatures,
  StandardSchema,
} from "../ports.js";
import { peekBearer, readBearer } from "./bearer.js";
import { TokenCache } from "./cache.js";
import { toChallenge } from "./challenge.js";
import { type AccessToken, toAccessToken } from "./claims.js";
import type { Introspection } from "./introspection.js";
import { createHeaderParser, invalidToken, MAX_TOKEN_LENGTH, parsePayload, splitToken } from "./jwt.js";
import { SigningKey } from "./key-set.js";
import { createKeys } from "./keys.js";
import { parseRequirements, type TokenRequirements } from "./requirements.js";
import { webSignatures } from "./signatures.js";
import { scopesOfMessage } from "./tool-scopes.js";

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
  /**
   * Where a token says the application's own id of the user (the `user.id` of its completion): in `sub`, as AuthKit's
   * Standalone Connect has been seen to do, or in a claim that the environment's JWT template fills from
   * `{{ user.external_id }}`. It becomes `accessToken.userId`, and a user's token that does not say it is refused.
   * Default: `userId` is undefined, as `sub` may be AuthKit's own id of the user.
   */
  readonly userId?: "sub" | { readonly claim: string } | undefined;
  /**
   * Asks AuthKit whether a token still counts, on the routes that want a `live` answer: `createIntrospection(...)`.
   * Default: no route can.
   */
  readonly introspection?: Introspection | undefined;
  /**
   * Whether a token that is good otherwise has been revoked: by its `tokenId`, `consentId` or `subject`, in a list of the
   * application's. Asked on every request, also about remembered tokens. What it throws is the application's and passes
   * untouched, but for a `ConnectError` with status 503, such as `deny_list_unavailable`: nobody can say. Default: no token is.
   */
  // Only `claims` says what they are: a deny list takes all tokens.
  readonly isRevoked?:
    | ((accessToken: AccessToken<NoInfer<Claims>>) => boolean | Promise<boolean>)
    | undefined;
  /**
   * How many verified tokens are remembered, each until it expires or its key is withdrawn. Default 1000;
   * 0 remembers none. Scopes are checked on every request all the same.
   */
  readonly cacheSize?: number | undefined;
  /**
   * How long the last good keys serve when the issuer's can't be fetched anew, in seconds. Default 3600, at most
   * 86400. After that the answer is `jwks_unavailable`.
   */
  readonly keysMaxStale?: number | undefined;
  /** Carries the keys over to the next cold start. Default: each start fetches them. */
  readonly keysCache?: KeysCache | undefined;
  /**
   * Whether this is production, where tokens of `@connect/local-authkit` are refused, whatever `issuer` is: the ids of its
   * keys begin with `dev-`. Default false.
   */
  readonly production?: boolean | undefined;
  /** What checks signatures. Default: Web Crypto, with keys that jose imports; `@connect/core/node` has one on Node's own crypto. */
  readonly signatures?: Signatures | undefined;
  /**
   * Told of every request that is not let in, for a log: the error says which check failed and, of an audience or issuer,
   * what was expected. The client is told neither. Default: nobody is told.
   */
  readonly onRefusal?: ((error: ConnectError) => void) | undefined;
  /**
   * Told of every decision of `authorize` and of guards, and of keys and introspection, for logs, metrics and traces: see
   * {@link TokenEvent}. It can't break a request, as what `onRefusal` throws does. Default: nobody is told.
   */
  readonly onEvent?: OnEvent<TokenEvent> | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Default `Date.now`. */
  readonly clock?: Clock | undefined;
}

/**
 * Decides about requests to one route: at once where the token is remembered and nobody has to be asked, else in time.
 * `readMessage` gives the request's body as parsed JSON, and is called where the route has `toolScopes`; a `SyntaxError`
 * from it means that the body is no JSON. Otherwise as {@link Verifier.authorize}.
 */
export type Guard<Claims> = (
  request: RequestView,
  readMessage?: () => unknown,
) => TokenOutcome<Claims> | Promise<TokenOutcome<Claims>>;

/** The resource server's side: verifies access tokens, and knows no secret. */
export interface Verifier<Claims = Readonly<Record<string, unknown>>> {
  /**
   * Decides about a request. Never throws for what the client or the issuer did: `authorized`, a `challenge`
   * (`missing_token`, `invalid_request`, `invalid_token`, `insufficient_scope`), or `unavailable`
   * (`jwks_unavailable`, `introspection_unavailable`, `deny_list_unavailable`). Throws `invalid_config` where `requirements` are at fault, and
   * what a claims schema or `isRevoked` throws. Tools' scopes need {@link Verifier.guard}.
   */
  authorize(request: RequestView, requirements?: TokenRequirements): Promise<TokenOutcome<Claims>>;
  /**
   * Makes a route's guard: for adapters, which decide about many requests with the same requirements. Throws
   * `invalid_config` at once, naming the option, so that a mistake shows at start-up.
   */
  guard(requirements?: TokenRequirements): Guard<Claims>;
  /** Verifies one token. Throws `invalid_token`, its reason naming the check, `jwks_unavailable`, or what `isRevoked` does. */
  verify(token: string): Promise<AccessToken<Claims>>;
}

/**
 * Sets up the resource server's side. Throws `invalid_config`, naming the option.
 * Source: AuthKit, Connect, "Token claims"; RFC 7519, RFC 6750.
 */
export function createVerifier<Claims = Readonly<Record<string, unknown>>>(
  config: VerifierConfig<Claims>,
): Verifier<Claims> {
  const algorithms = parseAlgorithms(config.algorithms ?? ["RS256"]);
  const clockTolerance = parseAmount(config.clockTolerance ?? 5, "clockTolerance", { min: 0, max: 60 });
  const clock = parseFunction<Clock>(config.clock, "clock", Date.now);
  const rules = {
    issuer: parseIssuer(config.issuer),
    audience: parseHeaderSafe(config.audience, "audience"),
    algorithms,
    clockTolerance,
    production: config.production,
  };
  const parseHeader = createHeaderParser(algorithms);
  const signatures = parsePort(config.signatures, "signatures", ["importKey", "verify"]) ?? webSignatures;
  const reading = { schema: parseSchema(config.claims), userIdClaim: parseUserId(config.userId) };
  const fetch = parseFetch(config.fetch);
  const emit = parseOnEvent(config.onEvent);
  const keys = createKeys({
    emit,
    url: parseServiceUrl(config.jwksUrl ?? `${rules.issuer}/oauth2/jwks`, "jwksUrl").href,
    fetch,
    clock,
    maxStale: parseAmount(config.keysMaxStale ?? 3_600, "keysMaxStale", { min: 0, max: 86_400 }) * 1000,
    cache: parsePort(config.keysCache, "keysCache", ["read", "write"]),
  });
  const isRevoked = parseFunction(config.isRevoked, "isRevoked", undefined);
  const onRefusal = parseFunction(config.onRefusal, "onRefusal", undefined);
  const introspection = parseFunction(config.introspection, "introspection", undefined);
  const introspect = introspection?.({ issuer: rules.issuer, fetch, clock, emit });
  const cache = new TokenCache<Claims>(parseCount(config.cacheSize ?? 1_000, "cacheSize"));
  const underway = new Map<string, Promise<AccessToken<Claims>>>();
  const resourceMetadataUrl =
    config.resourceMetadataUrl === undefined
      ? undefined
      : parsePublicUrl(config.resourceMetadataUrl, "resourceMetadataUrl").href;

  function verify(token: string): Promise<AccessToken<Claims>> {
    const verification = recall(token);
    return isRevoked === undefined ? verification : verification.then(refuseRevoked);
  }

  async function refuseRevoked(accessToken: AccessToken<Claims>): Promise<AccessToken<Claims>> {
    if (await isRevoked?.(accessToken)) throw invalidToken("revoked");
    return accessToken;
  }

  function recall(token: string): Promise<AccessToken<Claims>> {
    try {
      // Before all else: a long one costs with whatever is done to it.
      if (typeof token !== "string" || token.length > MAX_TOKEN_LENGTH) throw invalidToken("malformed");
      const now = clock() / 1000;
      // Where nothing is under way, nothing has to be looked for: that alone would go through all of the token.
      const known = remembered(token, now)?.result ?? (underway.size > 0 ? underway.get(token) : undefined);
      return known ?? verifyAnew(token, now);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  function remembered(token: string, now: number): ReturnType<typeof cache.get> {
    const known = cache.get(token, now);
    return known !== undefined && keys.areServing(now * 1000) ? known : undefined;
  }

  /** All that can be told without a key comes first; a token of whom nothing is known yet is only ever read. */
  function verifyAnew(token: string, now: number): Promise<AccessToken<Claims>> {
    const { header, payload: encodedPayload } = splitToken(token);
    const { kid, algorithm } = parseHeader(header);
    const payload = parsePayload(encodedPayload, rules, now);

    function judge(key: SigningKey): AccessToken<Claims> | Promise<AccessToken<Claims>> {
      // After the look at the keys: without a `kid`, the token does not say which one it is.
      if (rules.production && String(key.jwk.kid).startsWith("dev-")) throw invalidToken("production");

      function accept(isSigned: boolean): AccessToken<Claims> | Promise<AccessToken<Claims>> {
        if (!isSigned) throw invalidToken("signature");
        const accessToken = toAccessToken(payload, reading);
        return accessToken instanceof Promise ? accessToken.then(remember) : remember(accessToken);
      }

      function remember(accessToken: AccessToken<Claims>): AccessToken<Claims> {
        cache.set({
          token,
          key,
          notBefore: (payload.nbf ?? Number.NEGATIVE_INFINITY) - clockTolerance,
          notAfter: payload.exp + clockTolerance,
          accessToken,
        });
        return accessToken;
      }

      let verdict: boolean | Promise<boolean>;
      try {
        verdict = key.verify(token, algorithm, signatures);
      } catch {
        return blame();
      }
      return typeof verdict === "boolean" ? accept(verdict) : verdict.then(accept, blame);
    }

    // What is there is not waited for: a known key, and the verdict of Node's own crypto.
    const found = keys.find(kid, algorithm);
    const outcome =
      found instanceof SigningKey
        ? judge(found)
        : found.then((key) => {
            // Waiting takes its time, hours where the machine slept meanwhile.
            parsePayload(encodedPayload, rules, clock() / 1000);
            return judge(key);
          });
    if (!(outcome instanceof Promise)) return Promise.resolve(outcome);
    const verification = outcome.finally(() => underway.delete(token));
    underway.set(token, verification);
    return verification;
  }

  function guard(requirements: TokenRequirements = {}): Guard<Claims> {
    const { scopes, toolScopes, live } = parseRequirements(requirements, introspect !== undefined);
    const isSettledByToken = isRevoked === undefined && toolScopes === undefined && !live;

    function settle(
      accessToken: AccessToken<Claims>,
      needed: readonly string[],
      cached: boolean,
    ): TokenOutcome<Claims> {
      if (!needed.every((scope) => accessToken.scopes.includes(scope)))
        return refuse(verifierError("insufficient_scope"), needed, accessToken.scopes);
      emit?.({ type: "token.accepted", cached });
      return { type: "authorized", accessToken };
    }

    function refuse(
      error: ConnectError,
      needed: readonly string[],
      granted: readonly string[],
    ): TokenOutcome<Claims> {
      emit?.({ type: "token.refused", code: error.code, reason: error.reason });
      onRefusal?.(error);
      return error.retryable
        ? { type: "unavailable", error }
        : toChallenge(error, { needed, granted, resourceMetadataUrl });
    }

    async function decide(request: RequestView, readMessage?: () => unknown): Promise<TokenOutcome<Claims>> {
      let accessToken: AccessToken<Claims>;
      let cached: boolean;
      try {
        const token = readBearer(request);
        // Looked for only where somebody is told.
        cached = emit !== undefined && remembered(token, clock() / 1000) !== undefined;
        accessToken = await verify(token);
        if (live) await introspect?.(token, accessToken);
      } catch (error) {
        if (!isConnectError(error)) throw error;
        return refuse(error, scopes, []);
      }
      if (toolScopes === undefined || request.method !== "POST") return settle(accessToken, scopes, cached);
      return settle(
        accessToken,
        [...scopes, ...scopesOfMessage(await readBody(readMessage), toolScopes)],
        cached,
      );
    }

    return (request, readMessage) => {
      const token = isSettledByToken ? peekBearer(request) : undefined;
      const known = token === undefined ? undefined : remembered(token, clock() / 1000);
      return known === undefined ? decide(request, readMessage) : settle(known.accessToken, scopes, true);
    };
  }

  return {
    authorize: async (request, requirements) => guard(requirements)(request),
    guard,
    verify,
  };
}

/** The key itself is broken: that says nothing about the token. */
function blame(): never {
  throw verifierError("jwks_unavailable", { reason: "key" });
}

async function readBody(readMessage: (() => unknown) | undefined): Promise<unknown> {
  if (readMessage === undefined) throw invalidConfig("toolScopes: nothing reads the body here");
  try {
    return await readMessage();
  } catch (error) {
    // No JSON, no call of a tool: the MCP server will say so. Whatever else went wrong may hide one.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function parseIssuer(value: unknown): string {
  const { href } = parseServiceUrl(value, "issuer");
  // The string is compared as it is, so it must be one that an issuer can have.
  if (href.replace(/\/$/, "") !== value) {
    throw invalidConfig("issuer: must be a URL without a slash at its end");
  }
  return value;
}

function parseAlgorithms(value: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(value) || value.length === 0 || !value.every((algorithm) => ALGORITHMS.has(algorithm))) {
    throw invalidConfig("algorithms: must be asymmetric algorithms");
  }
  return new Set(value);
}

function parseUserId(value: VerifierConfig<unknown>["userId"]): string | undefined {
  if (value === undefined) return undefined;
  const claim: unknown = value === "sub" ? "sub" : typeof value === "object" ? value?.claim : undefined;
  if (typeof claim !== "string" || claim === "") throw invalidConfig('userId: must be "sub" or { claim }');
  // Addresses change hands, and AuthKit is not told whether one was verified.
  if (claim === "email") throw invalidConfig("userId: must not be an e-mail address");
  return claim;
}

function parseSchema<Claims>(value: StandardSchema<Claims> | undefined): StandardSchema<Claims> | undefined {
  if (value !== undefined && typeof value?.["~standard"]?.validate !== "function") {
    throw invalidConfig("claims: must be a Standard Schema");
  }
  return value;
}

function parseCount(value: unknown, option: string): number {
  const count = parseAmount(value, option, { min: 0, max: 1_000_000 });
  if (!Number.isInteger(count)) throw invalidConfig(`${option}: must be a whole number`);
  return count;
}
