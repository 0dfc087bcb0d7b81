/**
 * All that core sees of an incoming request. A web `Request` is one already; adapters make one from their framework's
 * request. `headers.get` joins a repeated header with ", " (as the Fetch standard does), so that a second
 * Authorization header is seen and refused rather than dropped.
 */
export interface RequestView {
  readonly method: string;
  /** Absolute, or path and query. Only path and query are read: no Host header ever decides where a browser is sent. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
}

/** The network: the global `fetch`, or one with the same shape. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** The time, in milliseconds since the epoch, as `Date.now` gives it. */
export type Clock = () => number;

/**
 * A validator for custom claims, as the Standard Schema interface (version 1) describes it: valibot, zod, arktype and
 * others offer one. Source: https://standardschema.dev
 */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string }> };

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

/** A public key as a key set publishes it (RFC 7517), with the members that make it a key and no others. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string };

/**
 * Checks signatures. Default: Web Crypto with keys that jose imports, on every runtime; `@connect/core/node` has one on Node's own
 * crypto. An implementation decides about the signature and nothing else: the token's form and claims were looked at.
 */
export interface Signatures<Key = unknown> {
  /** Takes a public key into use for one algorithm. Throws where the key does not fit. */
  importKey(jwk: PublicJwk, algorithm: Algorithm): Key | Promise<Key>;
  /** Whether the compact JWS is signed with this key. */
  verify(token: string, key: Key, algorithm: Algorithm): boolean | Promise<boolean>;
}

/** Where something is kept for a time: in this process, or in one place for many. What it throws passes untouched. */
export interface Store {
  get(key: string): string | undefined | Promise<string | undefined>;
  /** @param ttl seconds after which it is gone by itself */
  set(key: string, value: string, ttl: number): void | Promise<void>;
  delete(key: string): void | Promise<void>;
}

/** A store in which of several writers exactly one comes first, also where they are in several processes. */
export interface AtomicStore extends Store {
  /**
   * Keeps the value unless there is one: in one step, not as a look and a write.
   *
   * @param ttl seconds after which it is gone by itself
   * @returns whether it was kept
   */
  setIfAbsent(key: string, value: string, ttl: number): boolean | Promise<boolean>;
}

/** A key set to carry over to the next start; the shape is that of jose's own `jwksCache` export. */
export interface StoredKeys {
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  /** When it was fetched, in milliseconds since the epoch. */
  readonly uat: number;
}

/**
 * Keeps a key set where the next cold start finds it. What either function throws is taken as "nothing there", and so is
 * no answer within two seconds.
 */
export interface KeysCache {
  read(): StoredKeys | undefined | Promise<StoredKeys | undefined>;
  write(keys: StoredKeys): void | Promise<void>;
}
