/** A row of the table of codes. */
interface ErrorRow {
  readonly status: number;
  readonly message: string;
}

/** The rows that checking tokens needs: a bundle that does nothing else holds no others. */
const VERIFIER_ERRORS = {
  invalid_config: { status: 500, message: "The configuration is not valid." },

  missing_token: { status: 401, message: "The request carries no access token." },
  invalid_request: { status: 400, message: "The Authorization header is malformed." },
  invalid_token: {
    status: 401,
    message: "The access token is malformed, expired, or not meant for this resource.",
  },
  insufficient_scope: { status: 403, message: "The access token lacks a scope this resource needs." },
  jwks_unavailable: { status: 503, message: "The keys of access tokens could not be fetched." },
} as const satisfies Record<string, ErrorRow>;

/**
 * The table of codes. `status` is the HTTP status an adapter answers with; 503 means that the same call may succeed
 * later. A message is fixed text: nothing that came in over the wire is ever part of it.
 */
export const ERRORS = /* @__PURE__ */ (() =>
  ({
    ...VERIFIER_ERRORS,

    introspection_unavailable: { status: 503, message: "AuthKit could not be asked about the token." },

    deny_list_unavailable: { status: 503, message: "It can't be told whether the access token is revoked." },

    metadata_unavailable: { status: 503, message: "AuthKit's OAuth metadata could not be fetched." },

    invalid_external_auth_id: { status: 400, message: "The external_auth_id is missing or malformed." },
    method_not_allowed: { status: 405, message: "Not a person's own GET." },

    access_denied: { status: 403, message: "The user did not start this." },

    external_auth_id_not_found: { status: 404, message: "AuthKit does not know this external_auth_id." },
    external_auth_session_already_completed: {
      status: 409,
      message: "This external_auth_id was completed before.",
    },
    invalid_email: { status: 422, message: "AuthKit refused the e-mail address." },
    email_not_available: { status: 409, message: "The e-mail address is another user's." },
    email_change_not_allowed: { status: 409, message: "AuthKit does not change the e-mail address." },
    user_consent_options_not_supported: {
      status: 500,
      message: "AuthKit refused the user consent options.",
    },
    invalid_user: { status: 500, message: "The user is not valid." },
    invalid_user_consent_options: { status: 500, message: "The user consent options are not valid." },
    unauthorized_api_key: { status: 500, message: "AuthKit refused the API key." },
    untrusted_redirect_uri: {
      status: 502,
      message: "AuthKit's redirect_uri is outside the allowed origins.",
    },
    invalid_authkit_response: { status: 502, message: "AuthKit's answer is not part of its API." },
    rate_limited: { status: 503, message: "AuthKit limits requests." },
    authkit_unavailable: { status: 503, message: "AuthKit could not be reached." },
    completion_outcome_unknown: { status: 502, message: "AuthKit's answer was lost." },
  }) as const satisfies Record<string, ErrorRow>)();

/** Every way in which Connect can fail. The codes AuthKit and RFC 6750 name themselves are used verbatim. */
export type ErrorCode = keyof typeof ERRORS;

/** Found through the global symbol registry, so that two copies of core in one process recognise each other's errors. */
const BRAND: unique symbol = Symbol.for("@connect/core/ConnectError") as never;

/** What an error may carry besides its code. */
export interface ConnectErrorDetails {
  /** Where the fault is: an option, a path such as `user.email`, a claim, or a fixed word such as `expired`. Never a value. */
  readonly reason?: string | undefined;
  /** What the configuration asks for where that helps to mend it: the audience, the issuer. Never what came in. */
  readonly expected?: string | undefined;
  /** Seconds to wait before trying again, where that is known (AuthKit said so, or the SDK itself waits). */
  readonly retryAfter?: number | undefined;
}

/** What an error is made of, whichever half of the table its row is in. */
class CodedError extends Error {
  /** So that a log knows one class, also where a bundler renamed them. */
  static override readonly name = "ConnectError";
  override readonly name = "ConnectError";
  /** Which failure this is. */
  declare readonly code: ErrorCode;
  /** Where the fault is: an option's name, a path such as `user.email`, or a fixed word such as `expired`. Never a value. */
  declare readonly reason: string | undefined;
  /** What the configuration asks for, where the failure is of something else: an audience, an issuer. For logs. */
  declare readonly expected: string | undefined;
  /** The HTTP status that fits the failure; frameworks that read `error.status` answer with it. */
  declare readonly status: number;
  /** Whether the same call may succeed later. */
  declare readonly retryable: boolean;
  /** Seconds to wait before trying again, where that is known. */
  declare readonly retryAfter: number | undefined;
  /** The code in words, without `reason` and `expected`: what a client is told. */
  declare readonly description: string;

  constructor(code: ErrorCode, { status, message }: ErrorRow, details: ConnectErrorDetails) {
    const { reason, expected } = details;
    const note = [reason, expected && `expected ${expected}`].filter(Boolean).join(", ");
    super(note === "" ? message : `${message} (${note})`);
    this.code = code;
    this.reason = reason;
    this.expected = expected;
    this.status = status;
    this.retryable = status === 503;
    this.retryAfter = details.retryAfter;
    // Not for logs, which have the message.
    Object.defineProperties(this, { [BRAND]: { value: true }, description: { value: message } });
  }
}

/**
 * The one error class. It holds no input (no token, key, id or e-mail) and no `cause`, so it can be logged as it is.
 * Recognise it with {@link isConnectError}; `instanceof` says the same.
 */
export class ConnectError extends CodedError {
  constructor(code: ErrorCode, details: ConnectErrorDetails = {}) {
    super(code, ERRORS[code], details);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isConnectError(value);
  }
}

/** A {@link ConnectError} of a code that checking tokens needs. But for a faulty configuration, it has no stack. */
export function verifierError(
  code: keyof typeof VERIFIER_ERRORS,
  details: ConnectErrorDetails = {},
): ConnectError {
  const make = () => new CodedError(code, VERIFIER_ERRORS[code], details);
  return code === "invalid_config" ? make() : withoutStack(make);
}

/**
 * Runs what makes errors of others' doing. Where in the program it shows says nothing of it, and V8 takes longer to find
 * that out than refusing a token does otherwise: whoever sends bad ones would have the server spend its time on it.
 */
export function withoutStack<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  // Where built-in objects are frozen it stays as it is.
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}

/** Whether a caught value is an error of Connect's, of any code or of the given one. */
export function isConnectError<Code extends ErrorCode = ErrorCode>(
  value: unknown,
  code?: Code,
): value is ConnectError & { readonly code: Code } {
  if (typeof value !== "object" || value === null || !(BRAND in value)) return false;
  return code === undefined || (value as { code?: unknown }).code === code;
}
