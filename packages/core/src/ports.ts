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
