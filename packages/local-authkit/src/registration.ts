import { ulid } from "ulid";
import * as v from "valibot";

import type { Applications } from "./applications.js";
import { commonMetadata, DYNAMIC_GRANTS } from "./client-metadata.js";
import type { Clock } from "./clock.js";
import { describeIssue, pathOf } from "./issue.js";
import { parseJsonObject } from "./json.js";
import { STANDARD_SCOPES } from "./scopes.js";

/** An answer of the registration endpoint (RFC 7591 section 3.2). */
export interface RegistrationReply {
  status: 201 | 400 | 403;
  body: Record<string, unknown>;
}

/** AuthKit's words where the environment does not allow registration (seen live; the status is assumed). */
export const REGISTRATION_DISABLED: RegistrationReply = {
  status: 403,
  body: {
    error: "dynamic_client_registration_disabled",
    error_description: "Dynamic client registration is disabled for this environment.",
  },
};

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

// What is not named here is ignored, as RFC 7591 section 2 wants it. `scope` is, too: clients send the scopes of the
// resource they come from. The answer says which ones the application has.
const metadataSchema = v.object({
  ...commonMetadata,
  token_endpoint_auth_method: v.optional(
    v.picklist(["none", "client_secret_post", "client_secret_basic"]),
    "client_secret_basic",
  ),
  grant_types: v.optional(
    v.pipe(
      // Clients register for what the metadata lists, the device grant among it. They may, but do not get it.
      v.array(v.picklist([...DYNAMIC_GRANTS, DEVICE_GRANT])),
      v.includes("authorization_code", "must have authorization_code"),
    ),
    ["authorization_code"],
  ),
  response_types: v.optional(v.pipe(v.array(v.literal("code")), v.minLength(1, "must have a member")), [
    "code",
  ]),
});

/** `POST /oauth2/register`: an application registers itself (RFC 7591 section 3). `text` is the request's body. */
export function register(applications: Applications, clock: Clock, text: string): RegistrationReply {
  const body = parseJsonObject(text);
  if (body === undefined) return refuse("invalid_client_metadata", "The request body must be a JSON object.");
  const parsed = v.safeParse(metadataSchema, body, { message: describeIssue, abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const isAboutRedirects = issue.path?.[0].key === "redirect_uris";
    return refuse(
      isAboutRedirects ? "invalid_redirect_uri" : "invalid_client_metadata",
      `${pathOf(issue, "metadata")} ${issue.message}`,
    );
  }

  const { client_name, redirect_uris, token_endpoint_auth_method, response_types } = parsed.output;
  const grant_types = DYNAMIC_GRANTS.filter((grant) => parsed.output.grant_types.includes(grant));
  const client_id = `client_${ulid()}`;
  const isPublic = token_endpoint_auth_method === "none";
  applications.register({
    clientId: client_id,
    isPublic,
    name: client_name ?? client_id,
    redirectUris: redirect_uris,
    grantTypes: grant_types,
  });
  const client_secret = isPublic ? undefined : applications.secrets.create(client_id).value;
  return {
    status: 201,
    body: {
      client_id,
      client_id_issued_at: Math.floor(clock() / 1000),
      ...(client_secret !== undefined && { client_secret, client_secret_expires_at: 0 }),
      ...(client_name !== undefined && { client_name }),
      redirect_uris,
      token_endpoint_auth_method,
      grant_types,
      response_types,
      scope: STANDARD_SCOPES.join(" "),
    },
  };
}

function refuse(error: string, error_description: string): RegistrationReply {
  return { status: 400, body: { error, error_description } };
}
