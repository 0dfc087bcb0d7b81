import type { Provider } from "oidc-provider";

import { type ApiReply, NOT_FOUND } from "./api-reply.js";
import { type Application, isDynamic } from "./applications.js";
import type { AuthorizedApplication, Consents } from "./consents.js";
import { paginate } from "./pagination.js";
import { STANDARD_SCOPES } from "./scopes.js";
import type { Switches } from "./switches.js";
import { claimsOf, type User } from "./users.js";

export interface UserManagement {
  provider: Provider;
  switches: Switches;
  consents: Consents;
  /** The `sub` of a user. */
  subjectOf: (user: User) => string;
}

/** A user as WorkOS's API has it (the OpenAPI document). What nobody can tell here is null. */
export function showUser({ switches }: UserManagement, user: User | undefined): ApiReply {
  return user ? { status: 200, body: encodeUser(user, switches) } : NOT_FOUND;
}

/** `GET /user_management/users/{user_id}/authorized_applications` (AuthKit: user reference). */
export function listAuthorizedApplications(
  { consents, subjectOf }: UserManagement,
  user: User | undefined,
  query: Record<string, string>,
): ApiReply {
  if (!user) return NOT_FOUND;
  return paginate(consents.authorizedBy(subjectOf(user)), query, encodeAuthorizedApplication);
}

/**
 * `DELETE /user_management/users/{user_id}/authorized_applications/{application_id}`, by the application's id or its
 * client id. The user is asked again from now on, and by default refresh tokens and codes end. Access tokens hold until
 * they expire, but for who asks this AuthKit (assumed). Undefined once it is done.
 */
export async function deleteAuthorizedApplication(
  { provider, switches, consents, subjectOf }: UserManagement,
  user: User | undefined,
  applicationId: string,
): Promise<ApiReply | undefined> {
  const authorized =
    user &&
    consents
      .authorizedBy(subjectOf(user))
      .find(({ application: { id, clientId } }) => [id, clientId].includes(applicationId));
  if (!authorized) return NOT_FOUND;
  consents.forget(authorized);
  if (switches.deletedAuthorization === "end") {
    for (const grantId of consents.withdraw(authorized.consent)) {
      await (await provider.Grant.find(grantId))?.destroy();
    }
  }
  return undefined;
}

function encodeUser(user: User, switches: Switches): Record<string, unknown> {
  return {
    object: "user",
    id: user.id,
    email: user.email,
    email_verified: claimsOf(user, switches).email_verified,
    first_name: user.firstName ?? null,
    last_name: user.lastName ?? null,
    name: user.name ?? null,
    profile_picture_url: null,
    locale: null,
    external_id: user.externalId,
    metadata: user.metadata,
    last_sign_in_at: user.updatedAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

function encodeAuthorizedApplication({ id, application, consent, resource }: AuthorizedApplication) {
  return {
    object: "authorized_connect_application",
    id,
    granted_scopes: consent.scopes,
    ...(resource !== undefined && { oauth_resource: resource }),
    application: encodeApplication(application),
  };
}

// Third parties of the configuration have an `organization_id` at AuthKit; there are no organizations here.
function encodeApplication(application: Application) {
  return {
    object: "connect_application",
    id: application.id,
    client_id: application.clientId,
    name: application.name,
    description: null,
    application_type: "oauth",
    redirect_uris: application.redirectUris.map((uri, index) => ({ uri, default: index === 0 })),
    uses_pkce: application.clientSecret === undefined,
    is_first_party: application.firstParty,
    ...(!application.firstParty && { was_dynamically_registered: isDynamic(application) }),
    scopes: [...STANDARD_SCOPES, ...application.scopes],
    created_at: application.createdAt,
    updated_at: application.createdAt,
  };
}
