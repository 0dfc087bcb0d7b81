import * as v from "valibot";

import {
  type ApiReply,
  codeOf,
  type FieldError,
  invalid,
  invalidBy,
  isAuthorized,
  MALFORMED,
  NOT_FOUND,
  UNAUTHORIZED,
} from "./api-reply.js";
import type { ExternalAuth } from "./external-auth.js";
import { parseJsonObject } from "./json.js";
import { type Choice, choicesOf, RESERVED_CLAIMS, type UserConsentOption } from "./user-consent-option.js";
import type { Profile, User, Users } from "./users.js";

export interface Completion {
  apiKey: string;
  issuer: string;
  users: Users;
  externalAuth: ExternalAuth;
  /** The `sub` of a user. */
  subjectOf: (user: User) => string;
}

/**
 * `POST /authkit/oauth2/complete` (AuthKit: Standalone Connect, complete): who the user of an `external_auth_id` is.
 *
 * From the look at the id to its completion nothing waits, so of requests that race exactly one gets 200. Only a
 * 200 spends the id (assumed).
 */
export function complete(
  { apiKey, issuer, users, externalAuth, subjectOf }: Completion,
  authorization: string | undefined,
  text: string,
): ApiReply {
  if (!isAuthorized(authorization, apiKey)) return UNAUTHORIZED;

  const body = parseJsonObject(text);
  if (body === undefined) return MALFORMED;
  const parsed = v.safeParse(bodySchema, body, { message: codeOf });
  if (!parsed.success) return invalidBy(parsed.issues);
  const { external_auth_id, user, user_consent_options: userConsentOptions } = parsed.output;

  const errors = repeated(userConsentOptions);
  if (errors.length > 0) return invalid(errors);

  const handoff = externalAuth.find(external_auth_id);
  if (!handoff) return NOT_FOUND;
  if (handoff.completed) return refuse("external_auth_session_already_completed");

  const reserved = userConsentOptions.find(({ claim }) => RESERVED_CLAIMS.includes(claim));
  if (reserved) {
    const message = `Claim "${reserved.claim}" is reserved and cannot be used.`;
    return { status: 400, body: { error: "Bad Request", message } };
  }
  if (handoff.firstParty && userConsentOptions.length > 0)
    return refuse("user_consent_options_not_supported");
  if (!v.is(emailSchema, user.email)) return refuse("invalid_email");

  const saved = users.upsert(toProfile(user));
  if (typeof saved === "string") return refuse(saved);

  const ticket = externalAuth.complete(external_auth_id, handoff, {
    accountId: subjectOf(saved),
    userConsentOptions,
  });
  return { status: 200, body: { redirect_uri: `${issuer}/oauth2/authorize/complete?state=${ticket}` } };
}

const emailSchema = v.pipe(v.string(), v.rfcEmail());

const optionalText = v.optional(v.string());
const filledText = v.pipe(v.string(), v.regex(/\S/, "required"));

const choice = v.object({ value: filledText, label: filledText });
const choices = v.pipe(v.array(choice), v.minLength(1, "required"));
const groups = v.pipe(v.array(v.object({ group: filledText, choices })), v.minLength(1, "required"));

const isGroup = (entry: unknown) => typeof entry === "object" && entry !== null && "group" in entry;

const optionSchema = v.object({
  claim: filledText,
  type: v.literal("enum"),
  label: filledText,
  // Flat or grouped, not both in one option (assumed).
  choices: v.lazy((entries) => {
    if (!Array.isArray(entries) || !entries.some(isGroup)) return choices;
    return entries.every(isGroup) ? groups : v.custom<Choice[]>(() => false, "mixed_choices");
  }),
});

// Limits of metadata as in WorkOS's published OpenAPI document.
const metadata = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(40, "key_too_long")), v.string()),
  v.check((pairs) => Object.keys(pairs).length <= 50, "too_many_keys"),
  v.check((pairs) => Object.values(pairs).every((value) => value.length <= 600), "value_too_long"),
);

const userSchema = v.object({
  id: filledText,
  email: v.string(),
  first_name: optionalText,
  last_name: optionalText,
  name: optionalText,
  metadata: v.optional(metadata),
});

const bodySchema = v.object({
  external_auth_id: filledText,
  user: userSchema,
  user_consent_options: v.optional(v.array(optionSchema), []),
});

function toProfile(user: v.InferOutput<typeof userSchema>): Profile {
  return {
    id: user.id,
    email: user.email,
    ...(user.first_name !== undefined && { firstName: user.first_name }),
    ...(user.last_name !== undefined && { lastName: user.last_name }),
    ...(user.name !== undefined && { name: user.name }),
    ...(user.metadata !== undefined && { metadata: user.metadata }),
  };
}

function repeated(options: UserConsentOption[]): FieldError[] {
  const errors: FieldError[] = [];
  const claims = new Set<string>();
  for (const [index, option] of options.entries()) {
    const field = `user_consent_options.${index}`;
    if (claims.has(option.claim)) errors.push({ field: `${field}.claim`, code: "not_unique" });
    claims.add(option.claim);
    const values = choicesOf(option).map(({ value }) => value);
    if (new Set(values).size < values.length) errors.push({ field: `${field}.choices`, code: "not_unique" });
  }
  return errors;
}

// The same sentence for every code, as AuthKit has it: the code is what tells.
function refuse(code: string): ApiReply {
  return { status: 400, body: { code, message: "Request could not be processed." } };
}
