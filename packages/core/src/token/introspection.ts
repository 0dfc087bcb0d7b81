import { invalidConfig, parseAmount, parseHeaderSafe, parseServiceUrl } from "../config.js";
import { ConnectError } from "../errors.js";
import type { TokenEvent } from "../events.js";
import { getJson, type JsonDocument } from "../get-json.js";
import type { Clock, Fetch } from "../ports.js";

/** How AuthKit is asked about tokens. */
export interface IntrospectionConfig {
  /** An application of this AuthKit environment with a secret, whose name the questions are asked in. */
  readonly clientId: string;
  /** Its secret. It is sent to `url` and nowhere else. */
  readonly clientSecret: string;
  /**
   * What happens where AuthKit gives no answer: `refuse` answers 503, and a revoked token stays out whatever happens;
   * `accept` lets the token in that is good otherwise, and an outage of AuthKit's is none of yours.
   */
  readonly whenUnavailable: "refuse" | "accept";
  /** Where to ask. Default `<issuer>/oauth2/introspection`. */
  readonly url?: string | undefined;
  /** How long an answer holds, in seconds. Default 5, at most 60; 0 asks on each request. */
  readonly cacheTtl?: number | undefined;
}

/** Asks about a verified token. Throws `invalid_token` (reason `inactive`) or `introspection_unavailable`. */
export type Introspect = (token: string, accessToken: object) => Promise<void>;

/** What a verifier makes its {@link Introspect} with: {@link createIntrospection} gives one. */
export type Introspection = (verifier: {
  readonly issuer: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Tells of an event, where anybody listens. Never throws. */
  readonly emit?: ((event: TokenEvent) => void) | undefined;
}) => Introspect;

/** No answer is near this size, in bytes. */
const MAX_BYTES = 65_536;

/** How long after a failure AuthKit is not asked again, in milliseconds: it has trouble enough. */
const PAUSE = 1_000;

/**
 * Sets up asking AuthKit whether tokens still count (RFC 7662; AuthKit, Connect, "Introspection"), for
 * `createVerifier({ introspection })`. Answers are kept with the remembered token, and are gone with it. Throws
 * `invalid_config`, naming the option.
 */
export function createIntrospection(config: IntrospectionConfig): Introspection {
  const url = config.url === undefined ? undefined : parseServiceUrl(config.url, "url").href;
  const clientId = parseHeaderSafe(config.clientId, "clientId");
  const clientSecret = parseHeaderSafe(config.clientSecret, "clientSecret");
  const ttl = parseAmount(config.cacheTtl ?? 5, "cacheTtl", { min: 0, max: 60 }) * 1000;
  const { whenUnavailable } = config;
  if (whenUnavailable !== "refuse" && whenUnavailable !== "accept") {
    throw invalidConfig('whenUnavailable: must be "refuse" or "accept"');
  }
  return ({ issuer, fetch, clock, emit }) =>
    createIntrospect({
      url: url ?? `${issuer}/oauth2/introspection`,
      credentials: { client_id: clientId, client_secret: clientSecret },
      ttl,
      whenUnavailable,
      fetch,
      clock,
      emit,
    });
}

/** The same, looked at and complete. */
interface Asking {
  readonly url: string;
  readonly credentials: { readonly client_id: string; readonly client_secret: string };
  /** Milliseconds. */
  readonly ttl: number;
  readonly whenUnavailable: "refuse" | "accept";
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly emit: ((event: TokenEvent) => void) | undefined;
}

function createIntrospect({
  url,
  credentials,
  ttl,
  whenUnavailable,
  fetch,
  clock,
  emit,
}: Asking): Introspect {
  const answers = new WeakMap<object, { readonly at: number; readonly document: Promise<JsonDocument> }>();
  let outage: { readonly at: number; readonly document: JsonDocument } | undefined;

  async function ask(token: string): Promise<JsonDocument> {
    const begun = performance.now();
    const document = await getJson(url, fetch, MAX_BYTES, {
      method: "POST",
      body: new URLSearchParams({ token, token_type_hint: "access_token", ...credentials }),
    });
    const active = readActive(document);
    const ms = performance.now() - begun;
    emit?.(
      active === undefined
        ? { type: "introspection.failed", reason: document.reason ?? "active", ms }
        : { type: "introspection.answered", active, ms },
    );
    return document;
  }

  /** Whether less than this time has passed. A clock that went back would keep an answer for long: then it has not. */
  const isWithin = (span: number, at: number, now: number) => at <= now && now < at + span;

  function recall(token: string, accessToken: object, now: number): Promise<JsonDocument> | JsonDocument {
    const answer = answers.get(accessToken);
    if (answer !== undefined && isWithin(ttl, answer.at, now)) return answer.document;
    if (outage !== undefined && isWithin(PAUSE, outage.at, now)) return outage.document;
    const document = ask(token);
    answers.set(accessToken, { at: now, document });
    return document;
  }

  return async (token, accessToken) => {
    const document = await recall(token, accessToken, clock());
    const active = readActive(document);
    if (active === true) return;
    if (active === false) throw new ConnectError("invalid_token", { reason: "inactive" });
    answers.delete(accessToken);
    if (isOutage(document)) {
      if (outage?.document !== document) outage = { at: clock(), document };
      if (whenUnavailable === "accept") return;
    }
    throw new ConnectError("introspection_unavailable", { reason: document.reason ?? "active" });
  };
}

/** What AuthKit says; `undefined` where it says neither. */
function readActive(document: JsonDocument): boolean | undefined {
  const active =
    document.reason === undefined && "active" in document.json ? document.json.active : undefined;
  return typeof active === "boolean" ? active : undefined;
}

/** Whether AuthKit was not to be had. A refusal of the question is a fault of ours instead, and nobody gets in by it. */
function isOutage(document: JsonDocument): boolean {
  if (document.reason === "status") return document.status === 429 || document.status >= 500;
  return document.reason === "timeout" || document.reason === "network";
}
