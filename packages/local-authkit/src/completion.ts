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
import type { ExternalAuth, Handoff } from "./external-auth.js";
import { parseJsonObject } from "./json.js";
import { hashSecret } from "./secrets.js";
import type { Switches } from "./switches.js";
import { choicesOf, RESERVED_CLAIMS, type UserConsentOption } from "./user-consent-option.js";
import type { Profile, User, Users } from "./users.js";

export interface Completion {
  apiKey: string;
  issuer: string;
  switches: Switches;
  users: Users;
  externalAuth: ExternalAuth;
  /** The `sub` of a user. */
  subjectOf: (user: User) => string;
}

/** What a request for completion brings. */
export interface CompletionCall {
  authorization: string | undefined;
  /** The header `Idempotency-Key`. */
  idempotencyKey: string | undefined;
  /** The body. */
  text: string;
}

/**
 * `POST /authkit/oauth2/complete` (AuthKit: Standalone Connect, complete): who the user of an `external_auth_id` is.
 *
 * From the look at the id to its completion nothing waits, so of requests that race exactly one gets 200. Only a
 * 200 spends the id, unless `refusedCompletion` says otherwise.
 */
export function createCompletion(completion: Completion): (call: CompletionCall) => ApiReply {
  const { apiKey, switches, externalAuth } = completion;
  const schema = bodySchemaOf(switches);

  return ({ authorization, idempotencyKey, text }) => {
    if (!isAuthorized(authorization, apiKey)) return UNAUTHORIZED;
    const body = parseJsonObject(text);
    if (body === undefined) return MALFORMED;

    const id = "external_auth_id" in body ? String(body.external_auth_id) : "";
    const handoff = externalAuth.find(id);
    const repeatable =
      switches.repeatedCompletion === "same-answer" && idempotencyKey
        ? hashSecret(JSON.stringify([idempotencyKey, text]))
        : undefined;
    if (repeatable !== undefined && handoff?.answer?.request === repeatable) {
      return { status: 200, body: handoff.answer.body };
    }

    const parsed = v.safeParse(schema, body, { message: codeOf });
    const reply = parsed.success ? answer(completion, handoff, parsed.output) : invalidBy(parsed.issues);
    if (handoff && reply.status !== 200 && switches.refusedCompletion === "spends-id") {
      externalAuth.spend(id, handoff);
    }
    if (handoff && reply.status === 200 && repeatable !== undefined) {
      externalAuth.keepAnswer(id, handoff, { request: repeatable, body: reply.body });
    }
    return reply;
  };
}

function answer(
  { issuer, switches, users, externalAuth, subjectOf }: Completion,
  handoff: Handoff | undefined,
  { external_auth_id, user, user_consent_options }: v.InferOutput<ReturnType<typeof bodySchemaOf>>,
): ApiReply {
  const errors = switches.consentOptionChecks === "strict" ? repeated(user_consent_options) : [];
  if (errors.length > 0) return invalid(errors);

  if (!handoff) return UNKNOWN_ID[switches.unknownExternalAuthId];
  if (handoff.completed) return refuse("external_auth_session_already_completed");

  const reserved = user_consent_options.find(({ claim }) =>
    RESERVED_CLAIMS[switches.reservedClaims].includes(claim),
  );
  if (reserved) {
    const message = `Claim "${reserved.claim}" is reserved and cannot be used.`;
    return { status: 400, body: { error: "Bad Request", message } };
  }
  if (handoff.firstParty && user_consent_options.length > 0 && switches.firstPartyOptions === "refused") {
    return refuse("user_consent_options_not_supported");
  }
  if (!v.is(emailSchema, user.email)) return refuse("invalid_email");

  const saved = users.upsert(toProfile(user), switches);
  if (typeof saved === "string") return refuse(saved);

  const ticket = externalAuth.complete(external_auth_id, handoff, {
    accountId: subjectOf(saved),
    userConsentOptions: handoff.firstParty ? [] : user_consent_options,
  });
  return { status: 200, body: { redirect_uri: `${issuer}/oauth2/authorize/complete?state=${ticket}` } };
}

const emailSchema = v.pipe(v.string(), v.rfcEmail());

const optionalText = v.optional(v.string());
const filledText = v.pipe(v.string(), v.regex(/\S/, "required"));

const isGroup = (entry: unknown) => typeof entry === "object" && entry !== null && "group" in entry;

function choicesSchemaOf({ consentOptionChecks, groupedChoices }: Switches) {
  const isLoose = consentOptionChecks === "loose";
  const text = isLoose ? v.string() : filledText;
  const least = isLoose ? 0 : 1;

  const choice = v.object({ value: text, label: text });
  const choices = v.pipe(v.array(choice), v.minLength(least, "required"));
  if (groupedChoices === "refused") return choices;
  const group = v.object({ group: text, choices });
  const entry = v.lazy((value) => (isGroup(value) ? group : choice));
  return v.pipe(
    v.array(entry),
    v.minLength(least, "required"),
    v.check((entries) => isLoose || entries.every(isGroup) || !entries.some(isGroup), "mixed_choices"),
  );
}

// Of WorkOS's published OpenAPI document, and of AuthKit's documentation of metadata.
const METADATA_LIMITS = {
  openapi: { keys: 50, characters: /^/ },
  guide: { keys: 10, characters: /^[\0-\x7f]*$/ },
};

function metadataSchemaOf({ metadataLimits }: Switches) {
  const { keys, characters } = METADATA_LIMITS[metadataLimits];
  const name = v.pipe(v.string(), v.maxLength(40, "key_too_long"), v.regex(characters, "not_ascii"));
  return v.pipe(
    v.record(name, v.pipe(v.string(), v.regex(characters, "not_ascii"))),
    v.check((pairs) => Object.keys(pairs).length <= keys, "too_many_keys"),
    v.check((pairs) => Object.values(pairs).every((value) => value.length <= 600), "value_too_long"),
  );
}

function bodySchemaOf(switches: Switches) {
  const text = switches.consentOptionChecks === "loose" ? v.string() : filledText;
  return v.object({
    external_auth_id: filledText,
    user: v.object({
      id: v.pipe(filledText, v.maxLength(Number(switches.userIdLength), "too_long")),
      email: v.string(),
      first_name: optionalText,
      last_name: optionalText,
      name: optionalText,
      metadata: v.optional(metadataSchemaOf(switches)),
    }),
    user_consent_options: v.optional(
      v.array(
        v.object({ claim: text, type: v.literal("enum"), label: text, choices: choicesSchemaOf(switches) }),
      ),
      [],
    ),
  });
}

function toProfile(user: v.InferOutput<ReturnType<typeof bodySchemaOf>>["user"]): Profile {
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

const UNKNOWN_ID: Record<Switches["unknownExternalAuthId"], ApiReply> = {
  "404-coded": NOT_FOUND,
  "404-uncoded": { status: 404, body: { message: "Not Found" } },
  "400-coded": refuse("not_found"),
};
