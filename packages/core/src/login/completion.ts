import * as v from "valibot";
import { ConnectError, type ErrorCode } from "../errors.js";
import { type HttpAnswer, toApiFailure } from "../http.js";
import { type UserConsentOption, userConsentOptionsSchema } from "./consent.js";
import { describeFault } from "./fault.js";
import { type User, userSchema } from "./user.js";

/** What the application says of the person who signed in. */
export interface Completion {
  readonly user: User;
  /** What the user shall choose on AuthKit's consent screen. Absent or empty: nothing. */
  readonly userConsentOptions?: readonly UserConsentOption[] | undefined;
}

/** The body of the completion call, as AuthKit wants it. */
interface CompletionRequest {
  readonly external_auth_id: string;
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly first_name?: string;
    readonly last_name?: string;
    readonly name?: string;
    readonly metadata?: Readonly<Record<string, string>>;
  };
  readonly user_consent_options?: readonly unknown[];
}

const completionSchema = /* @__PURE__ */ (() =>
  v.object(
    { user: userSchema, userConsentOptions: v.optional(userConsentOptionsSchema) },
    "must be { user, userConsentOptions? }",
  ))();

/**
 * Checks what the application gave and puts it into AuthKit's words. Throws `invalid_user` or
 * `invalid_user_consent_options`; the reason is the path of the first fault, such as
 * `userConsentOptions[0].choices[1].label must not be empty`.
 */
export function encodeCompletion(externalAuthId: string, completion: Completion): CompletionRequest {
  const parsed = v.safeParse(completionSchema, completion, { abortEarly: true });
  if (!parsed.success) throw invalidCompletion(parsed.issues[0]);
  const { user, userConsentOptions } = parsed.output;
  return {
    external_auth_id: externalAuthId,
    user: {
      id: user.id,
      email: user.email,
      ...withoutNullish({
        first_name: user.firstName,
        last_name: user.lastName,
        name: user.name,
        metadata: user.metadata,
      }),
    },
    ...(userConsentOptions?.length ? { user_consent_options: userConsentOptions } : {}),
  };
}

/**
 * Reads AuthKit's answer: the address the browser goes on to, when it lies on one of `trustedOrigins`. Throws the code
 * of the refusal. Branches on status and `code` alone: AuthKit's messages are not made to be read by programs.
 */
export function decodeCompletion(
  answer: HttpAnswer,
  context: { readonly sentOptions: boolean; readonly trustedOrigins: ReadonlySet<string> },
): string {
  if (answer.status === 200) return readRedirectUri(answer.json, context.trustedOrigins);
  throw toApiFailure(answer) ?? refusal(answer, context.sentOptions);
}

/** The refusals that AuthKit names in `code`, all with status 400. */
const NAMED_REFUSALS: ReadonlySet<string> = new Set<ErrorCode>([
  "external_auth_session_already_completed",
  "user_consent_options_not_supported",
  "email_change_not_allowed",
  "email_not_available",
  "invalid_email",
]);

function refusal(answer: HttpAnswer, sentOptions: boolean): ConnectError {
  const code = ownString(answer.json, "code");
  switch (answer.status) {
    case 400:
      if (code !== undefined && NAMED_REFUSALS.has(code)) return new ConnectError(code as ErrorCode);
      // A reserved claim has an answer of another shape, without a code: { error, message }.
      if (code === undefined && sentOptions && ownString(answer.json, "error") !== undefined) {
        return new ConnectError("invalid_user_consent_options", {
          reason: "userConsentOptions: a claim is reserved",
        });
      }
      return new ConnectError("invalid_authkit_response", { reason: "status" });
    case 404:
      return new ConnectError("external_auth_id_not_found");
    case 422:
      return refusedField(answer.json);
    default:
      return new ConnectError("invalid_authkit_response", { reason: "status" });
  }
}

/** The fields a 422 can name, and what we call them. A field outside this list is not repeated. */
const FIELDS: ReadonlyArray<readonly [field: string, code: ErrorCode, reason: string]> = [
  ["external_auth_id", "invalid_external_auth_id", "refused"],
  ["user_consent_options", "invalid_user_consent_options", "userConsentOptions"],
  ["user.email", "invalid_user", "user.email"],
  ["user.id", "invalid_user", "user.id"],
  ["user.first_name", "invalid_user", "user.firstName"],
  ["user.last_name", "invalid_user", "user.lastName"],
  ["user.name", "invalid_user", "user.name"],
  ["user.metadata", "invalid_user", "user.metadata"],
];

function refusedField(json: unknown): ConnectError {
  const errors = own(json, "errors");
  const field = Array.isArray(errors) ? ownString(errors[0], "field") : undefined;
  const known = FIELDS.find(([name]) => field?.startsWith(name));
  return known === undefined
    ? new ConnectError("invalid_user")
    : new ConnectError(known[1], { reason: known[2] });
}

function readRedirectUri(json: unknown, trustedOrigins: ReadonlySet<string>): string {
  const value = ownString(json, "redirect_uri");
  if (value === undefined) {
    throw new ConnectError("invalid_authkit_response", {
      reason: json === undefined ? "json" : "redirect_uri",
    });
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isTrusted =
    url !== undefined &&
    // The protocol too, because a blob: URL has the origin of what it holds.
    (url.protocol === "https:" || url.protocol === "http:") &&
    trustedOrigins.has(url.origin) &&
    url.username === "" &&
    url.password === "" &&
    url.hash === "";
  if (!isTrusted) throw new ConnectError("untrusted_redirect_uri");
  return url.href;
}

function invalidCompletion(issue: v.BaseIssue<unknown>): ConnectError {
  const path = issue.path?.map((item) => item.key) ?? [];
  const code = path[0] === "userConsentOptions" ? "invalid_user_consent_options" : "invalid_user";
  // The keys of metadata are the application's data and stay out.
  return new ConnectError(code, {
    reason: describeFault(issue, path[0] === "user" ? path.slice(0, 2) : path),
  });
}

function withoutNullish<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const known = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known) as { [Name in keyof Fields]?: NonNullable<Fields[Name]> };
}

function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function ownString(value: unknown, key: string): string | undefined {
  const found = own(value, key);
  return typeof found === "string" ? found : undefined;
}
