import type { Provider } from "oidc-provider";

import { type ApiReply, NOT_FOUND, organizationNotFound } from "./api-reply.js";
import type { Applications } from "./applications.js";
import { encodeApplication } from "./connect-applications.js";
import { type AuthorizedApplication, type Consents, endAuthorization } from "./consents.js";
import type { Organizations } from "./organizations.js";
import { paginate } from "./pagination.js";
import type { User } from "./users.js";

export interface UserManagement {
  provider: Provider;
  applications: Applications;
  organizations: Organizations;
  consents: Consents;
  findUser: (subject: string) => User | undefined;
  /** The `sub` of a user. */
  subjectOf: (user: User) => string;
}

/** A user as WorkOS's API has it (the OpenAPI document). What nobody can tell here is null. */
export function showUser(user: User | undefined): ApiReply {
  return user ? { status: 200, body: encodeUser(user) } : NOT_FOUND;
}

/** `GET /user_management/users/{user_id}/authorized_applications` (AuthKit: user reference). */
export function listAuthorizedApplications(
  { applications, consents, subjectOf }: UserManagement,
  user: User | undefined,
  query: Record<string, string>,
): ApiReply {
  if (!user) return NOT_FOUND;
  return paginate(consents.authorizedBy(subjectOf(user)), query, (authorized) =>
    encodeAuthorizedApplication(applications, authorized),
  );
}

/**
 * `GET /organizations/{organization_id}/authorized_applications` (the OpenAPI document): what its members authorized,
 * for whichever organization they did (assumed).
 */
export function listApplicationsOfOrganization(
  { applications, organizations, consents, findUser }: UserManagement,
  organizationId: string,
  query: Record<string, string>,
): ApiReply {
  const organization = organizations.find(organizationId);
  if (!organization) return organizationNotFound(organizationId);
  const byMembers = consents.all().flatMap((authorized) => {
    const user = findUser(authorized.accountId);
    return user && organization.members.includes(user.externalId) ? { ...authorized, user } : [];
  });
  return paginate(byMembers, query, (authorized) => ({
    ...encodeAuthorizedApplication(applications, authorized),
    user_id: authorized.user.id,
  }));
}

/**
 * `DELETE /user_management/users/{user_id}/authorized_applications/{application_id}`, by the application's id or its
 * client id. The user is asked again from now on, and refresh tokens and codes end. Access tokens hold until they
 * expire, but for who asks this AuthKit (assumed). Undefined once it is done.
 */
export async function deleteAuthorizedApplication(
  { provider, consents, subjectOf }: UserManagement,
  user: User | undefined,
  applicationId: string,
): Promise<ApiReply | undefined> {
  const authorized =
    user &&
    consents
      .authorizedBy(subjectOf(user))
      .find(({ application: { id, clientId } }) => [id, clientId].includes(applicationId));
  if (!authorized) return NOT_FOUND;
  await endAuthorization(provider, consents, authorized);
  return undefined;
}

function encodeUser(user: User): Record<string, unknown> {
  return {
    object: "user",
    id: user.id,
    email: user.email,
    email_verified: true,
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

function encodeAuthorizedApplication(
  applications: Applications,
  { id, application, consent, resource }: AuthorizedApplication,
) {
  return {
    object: "authorized_connect_application",
    id,
    granted_scopes: consent.scopes,
    ...(resource !== undefined && { oauth_resource: resource }),
    application: encodeApplication(applications.findByAnyId(application.clientId) ?? application),
  };
}
