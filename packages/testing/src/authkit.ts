import { createClock, type TestClock } from "./clock.js";
import type { TestCompletion } from "./completion.js";
import { authorizationServerMetadata, openidConfiguration } from "./discovery.js";
import { type Fault, Faults, type Route } from "./faults.js";
import { authkitKey } from "./keys.js";
import { Logins, type TestLogin } from "./logins.js";
import { createToken, type TestToken } from "./token.js";

/** What {@link createTestAuthKit} takes. All of it is optional. */
export interface TestAuthKitOptions {
  /** The AuthKit domain: an origin, without a slash at its end. Default `https://test.authkit.app`. */
  readonly issuer?: string | undefined;
  /** The key that the completion API takes. Default `sk_test_kit`. */
  readonly apiKey?: string | undefined;
  /** Where the completion API is besides the issuer: an origin. Default `https://api.workos.com`. */
  readonly apiUrl?: string | undefined;
  /** `aud` of tokens that name none. Default `https://api.example.com`. */
  readonly audience?: string | undefined;
}

/** An AuthKit in memory: no server, no port. */
export interface TestAuthKit {
  /** The network that this AuthKit is in: for `createLogin({ fetch })` and `createVerifier({ fetch })`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  readonly issuer: string;
  readonly apiKey: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** Makes access tokens: `token({ sub, scopes })`, and broken ones: `token.expired()`. */
  readonly token: TestToken;
  /** Begins a login, as AuthKit does before it opens the Login URI. */
  readonly beginLogin: () => TestLogin;
  /** The completions that were accepted, in their order. */
  readonly completions: readonly TestCompletion[];
  /** Forgets a login: its id is then one that AuthKit does not know. */
  readonly expireLogin: (externalAuthId: string) => void;
  /** Lets the next requests of a route meet a fault. Faults of one route come in the order in which they were asked for. */
  readonly fault: (route: Route, fault: Fault) => void;
  /** From now on signs with a new key, and publishes that one alone. */
  readonly rotateKeys: () => void;
  /** The time by which tokens are made: for `createVerifier({ clock: authkit.clock.now })`, too. */
  readonly clock: TestClock;
}

/**
 * Makes an AuthKit that a test has for itself. It answers the completion API, the key set and both discovery documents;
 * any other request rejects with an error that names its method and address. Throws a `TypeError` where an option can't
 * be used.
 */
export function createTestAuthKit(options: TestAuthKitOptions = {}): TestAuthKit {
  const issuer = parseOrigin(options.issuer ?? "https://test.authkit.app", "issuer");
  const apiUrl = parseOrigin(options.apiUrl ?? "https://api.workos.com", "apiUrl");
  const { apiKey = "sk_test_kit", audience = "https://api.example.com" } = options;
  const clock = createClock();
  const logins = new Logins(issuer, apiKey);
  const faults = new Faults();
  let generation = 1;

  const answers: Readonly<Record<Route, (request: Request) => Promise<Response>>> = {
    "POST /authkit/oauth2/complete": async (request) => {
      const { status, body } = logins.complete(request.headers.get("authorization"), await request.text());
      return Response.json(body, { status, headers: { "cache-control": "no-store" } });
    },
    "GET /oauth2/jwks": async () => Response.json({ keys: [(await authkitKey(generation)).jwk] }),
    "GET /.well-known/oauth-authorization-server": async () =>
      Response.json(authorizationServerMetadata(issuer)),
    "GET /.well-known/openid-configuration": async () => Response.json(openidConfiguration(issuer)),
  };

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { origin, pathname } = new URL(request.url);
    const route = `${request.method} ${pathname}`;
    const isHere = origin === issuer || (origin === apiUrl && pathname === "/authkit/oauth2/complete");
    if (!isHere || !isRoute(route)) {
      throw new Error(`The test AuthKit has no answer to ${request.method} ${origin}${pathname}`);
    }
    request.signal.throwIfAborted();
    return faults.meet(route, request.signal, () => answers[route](request));
  }

  const isRoute = (route: string): route is Route => Object.hasOwn(answers, route);

  return {
    fetch,
    issuer,
    apiKey,
    audience,
    jwksUrl: `${issuer}/oauth2/jwks`,
    token: createToken({ issuer, audience, clock, currentKey: () => authkitKey(generation) }),
    beginLogin: () => logins.begin(),
    completions: logins.completions,
    expireLogin: (externalAuthId) => logins.expire(externalAuthId),
    fault: (route, fault) => faults.add(route, fault),
    rotateKeys: () => {
      generation += 1;
    },
    clock,
  };
}

function parseOrigin(value: string, option: string): string {
  if (!URL.canParse(value) || new URL(value).origin !== value) {
    throw new TypeError(`${option}: must be an origin without a slash at its end`);
  }
  return value;
}
