import type { Provider } from "oidc-provider";
import * as v from "valibot";

import {
  type ApiReply,
  codeOf,
  type FieldError,
  invalid,
  invalidBy,
  MALFORMED,
  NOT_FOUND,
  organizationNotFound,
} from "./api-reply.js";
import { type Application, type Applications, type Described, isDynamic, isMachine } from "./applications.js";
import { type ClientSecret, MAX_SECRETS } from "./client-secrets.js";
import { type Config, SCOPE_TOKEN, USER_GRANTS } from "./config.js";
import { type Consents, endAuthorization } from "./consents.js";
import { parseJsonObject } from "./json.js";
import type { Organizations } from "./organizations.js";
import { paginate } from "./pagination.js";
import { isRedirectUri } from "./redirect-uri.js";
import { STANDARD_SCOPES } from "./scopes.js";

export interface ConnectApplications {
  applications: Applications;
  organizations: Organizations;
  /** Missing where an application may have any. */
  permissions?: Config["permissions"];
}

/** `GET /connect/applications` (the OpenAPI document). */
export function listApplications(
  { applications }: ConnectApplications,
  query: Record<string, string>,
): ApiReply {
  const parsed = v.safeParse(filterSchema, query, { message: codeOf });
  if (!parsed.success) return invalidBy(parsed.issues);
  const { registration_types: types, organization_id: organizationId } = parsed.output;
  const found = applications
    .all()
    .filter((application) => types.includes(isDynamic(application) ? "dynamic" : "authenticated"))
    .filter((application) => organizationId === undefined || application.organizationId === organizationId);
  return paginate(found, query, encodeApplication);
}

/** `POST /connect/applications` (the OpenAPI document). `text` is the request's body. */
export function createApplication(connect: ConnectApplications, text: string): ApiReply {
  const body = parseJsonObject(text);
  if (body === undefined) return MALFORMED;
  const parsed = v.safeParse(creationSchema, body, { message: codeOf });
  if (!parsed.success) return invalidBy(parsed.issues);
  const asked = parsed.output;
  const { organization_id: organizationId, scopes } = asked;

  const errors = faultsOf(connect, asked);
  const isThirdParty = asked.application_type === "m2m" || !asked.is_first_party;
  if (isThirdParty && organizationId === undefined) {
    errors.push({ field: "organization_id", code: "required" });
  }
  if (errors.length > 0) return invalid(errors);
  if (organizationId !== undefined && !connect.organizations.find(organizationId)) {
    return organizationNotFound(organizationId);
  }

  const common = {
    name: asked.name,
    ...(asked.description !== undefined && { description: asked.description }),
    ...(organizationId !== undefined && { organizationId }),
  };
  const described: Described =
    asked.application_type === "m2m"
      ? {
          ...common,
          isPublic: false,
          firstParty: false,
          redirectUris: [],
          scopes: scopes ?? [],
          grantTypes: ["client_credentials"],
        }
      : {
          ...common,
          ...toRedirectUris(asked.redirect_uris ?? []),
          isPublic: asked.uses_pkce ?? false,
          firstParty: asked.is_first_party,
          scopes: scopes ?? [...STANDARD_SCOPES],
          grantTypes: USER_GRANTS,
        };
  return { status: 201, body: encodeApplication(connect.applications.create(described)) };
}

/** `GET /connect/applications/{id}`, by its id or client id (the OpenAPI document). */
export function showApplication({ applications }: ConnectApplications, id: string): ApiReply {
  const application = applications.findByAnyId(id);
  return application ? { status: 200, body: encodeApplication(application) } : NOT_FOUND;
}

/**
 * `PUT /connect/applications/{id}` (the OpenAPI document). Null leaves a member as it is, as leaving it out does
 * (assumed): the official SDK sends null for what its caller did not name.
 */
export function updateApplication(connect: ConnectApplications, id: string, text: string): ApiReply {
  const application = connect.applications.findByAnyId(id);
  if (!application) return NOT_FOUND;
  const body = parseJsonObject(text);
  if (body === undefined) return MALFORMED;
  const parsed = v.safeParse(updateSchema, body, { message: codeOf });
  if (!parsed.success) return invalidBy(parsed.issues);
  const { name, description, scopes, redirect_uris } = parsed.output;

  const errors = faultsOf(connect, parsed.output);
  if (redirect_uris && isMachine(application)) errors.push({ field: "redirect_uris", code: "not_supported" });
  if (errors.length > 0) return invalid(errors);

  const updated = connect.applications.update(application, {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(scopes && { scopes }),
    ...(redirect_uris && toRedirectUris(redirect_uris)),
  });
  return { status: 200, body: encodeApplication(updated) };
}

/**
 * `DELETE /connect/applications/{id}` (the OpenAPI document). It is unknown from now on; what users allowed it is
 * forgotten. Undefined once it is done.
 */
export async function deleteApplication(
  { applications }: ConnectApplications,
  provider: Provider,
  consents: Consents,
  id: string,
): Promise<ApiReply | undefined> {
  const application = applications.findByAnyId(id);
  if (!application) return NOT_FOUND;
  applications.delete(application);
  for (const authorized of consents.all()) {
    if (authorized.application.clientId !== application.clientId) continue;
    await endAuthorization(provider, consents, authorized);
  }
  return undefined;
}

/** `GET /connect/applications/{id}/client_secrets` (the OpenAPI document): a bare array, all of them. */
export function listClientSecrets({ applications }: ConnectApplications, id: string): ApiReply {
  const application = applications.findByAnyId(id);
  if (!application) return NOT_FOUND;
  return { status: 200, body: applications.secrets.of(application.clientId).map(encodeSecret) };
}

/**
 * `POST /connect/applications/{id}/client_secrets` (the OpenAPI document). That an application that uses PKCE in place
 * of a secret can have none is assumed.
 */
export function createClientSecret({ applications }: ConnectApplications, id: string): ApiReply {
  const application = applications.findByAnyId(id);
  if (!application) return NOT_FOUND;
  const { clientId, isPublic } = application;
  if (isPublic) return invalid([{ field: "client_secrets", code: "not_supported" }]);
  if (applications.secrets.of(clientId).length >= MAX_SECRETS) {
    return invalid([{ field: "client_secrets", code: "too_many" }]);
  }
  const { value, secret } = applications.secrets.create(clientId);
  return { status: 201, body: { ...encodeSecret(secret), secret: value } };
}

/** `DELETE /connect/client_secrets/{id}` (the OpenAPI document). Undefined once it is done. */
export function deleteClientSecret({ applications }: ConnectApplications, id: string): ApiReply | undefined {
  const secret = applications.secrets.find(id);
  if (!secret) return NOT_FOUND;
  applications.secrets.delete(secret);
  return undefined;
}

/** An application as WorkOS's API has it (the OpenAPI document). */
export function encodeApplication(application: Application): Record<string, unknown> {
  const { redirectUris, defaultRedirectUri = redirectUris[0], organizationId, firstParty } = application;
  return {
    object: "connect_application",
    id: application.id,
    client_id: application.clientId,
    name: application.name,
    description: application.description ?? null,
    scopes: application.scopes,
    ...(isMachine(application)
      ? { application_type: "m2m" }
      : {
          application_type: "oauth",
          redirect_uris: redirectUris.map((uri) => ({ uri, default: uri === defaultRedirectUri })),
          uses_pkce: application.isPublic,
          is_first_party: firstParty,
          ...(!firstParty && { was_dynamically_registered: isDynamic(application) }),
        }),
    ...(!firstParty && organizationId !== undefined && { organization_id: organizationId }),
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}

function encodeSecret(secret: ClientSecret): Record<string, unknown> {
  return {
    object: "connect_application_secret",
    id: secret.id,
    secret_hint: secret.hint,
    last_used_at: secret.lastUsedAt ?? null,
    created_at: secret.createdAt,
    updated_at: secret.lastUsedAt ?? secret.createdAt,
  };
}

// The official SDK sends null for whatever its caller did not name.
function optional<S extends v.GenericSchema>(schema: S) {
  return v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );
}

const filled = v.pipe(v.string(), v.regex(/\S/, "required"));

const redirectUris = v.array(
  v.object({
    uri: v.pipe(v.string(), v.check(isRedirectUri, "invalid")),
    default: optional(v.boolean()),
  }),
);

const described = {
  description: optional(v.string()),
  scopes: optional(v.array(v.pipe(v.string(), v.regex(SCOPE_TOKEN, "invalid")))),
};

const creationSchema = v.variant("application_type", [
  v.object({
    ...described,
    application_type: v.literal("oauth"),
    name: filled,
    is_first_party: v.boolean(),
    redirect_uris: optional(redirectUris),
    uses_pkce: optional(v.boolean()),
    organization_id: optional(v.string()),
  }),
  v.object({
    ...described,
    application_type: v.literal("m2m"),
    name: filled,
    organization_id: v.string(),
  }),
]);

const updateSchema = v.object({
  ...described,
  name: v.optional(filled),
  redirect_uris: optional(redirectUris),
});

const filterSchema = v.object({
  registration_types: v.pipe(
    v.optional(v.string(), "authenticated"),
    v.transform((types) => types.split(",")),
    v.array(v.picklist(["dynamic", "authenticated"], "invalid")),
  ),
  organization_id: v.optional(v.string()),
});

interface Checked {
  scopes?: string[] | undefined;
  redirect_uris?: v.InferOutput<typeof redirectUris> | undefined;
}

function faultsOf({ permissions }: ConnectApplications, { scopes, redirect_uris }: Checked): FieldError[] {
  const known: string[] = [...STANDARD_SCOPES, ...(permissions ?? []).map(({ slug }) => slug)];
  const errors: FieldError[] = [];
  for (const [index, scope] of (scopes ?? []).entries()) {
    if (permissions && !known.includes(scope)) errors.push({ field: `scopes.${index}`, code: "not_found" });
  }
  const seen = new Set<string>();
  let hasDefault = false;
  for (const [index, { uri, default: isDefault }] of (redirect_uris ?? []).entries()) {
    if (seen.has(uri)) errors.push({ field: `redirect_uris.${index}.uri`, code: "not_unique" });
    if (hasDefault && isDefault) errors.push({ field: `redirect_uris.${index}.default`, code: "not_unique" });
    seen.add(uri);
    hasDefault ||= isDefault === true;
  }
  return errors;
}

function toRedirectUris(
  given: v.InferOutput<typeof redirectUris>,
): Pick<Application, "redirectUris" | "defaultRedirectUri"> {
  const chosen = given.find(({ default: isDefault }) => isDefault)?.uri ?? given[0]?.uri;
  return {
    redirectUris: given.map(({ uri }) => uri),
    ...(chosen !== undefined && { defaultRedirectUri: chosen }),
  };
}
