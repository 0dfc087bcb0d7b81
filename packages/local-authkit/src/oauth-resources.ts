import * as v from "valibot";

import { type ApiReply, codeOf, invalidBy, MALFORMED, NOT_FOUND } from "./api-reply.js";
import { isAbsoluteUri } from "./config.js";
import { parseJsonObject } from "./json.js";
import { paginate } from "./pagination.js";
import type { Resource, Resources } from "./resources.js";

/** `GET /user_management/authkit_oauth_resources` (AuthKit: OAuth resource reference). */
export function listResources(resources: Resources, query: Record<string, string>): ApiReply {
  return paginate(resources.all(), query, encodeResource);
}

/** `POST /user_management/authkit_oauth_resources` (AuthKit: OAuth resource reference). `text` is the body. */
export function createResource(resources: Resources, text: string): ApiReply {
  const body = parseJsonObject(text);
  if (body === undefined) return MALFORMED;
  const parsed = v.safeParse(creationSchema, body, { message: codeOf });
  if (!parsed.success) return invalidBy(parsed.issues);
  const { uri, default: isDefault } = parsed.output;
  if (resources.has(uri)) {
    const message = `AuthKit OAuth resource '${uri}' already exists.`;
    return { status: 422, body: { message, code: "unprocessable_entity" } };
  }
  return { status: 201, body: encodeResource(resources.add(uri, isDefault ?? false)) };
}

/** `DELETE /user_management/authkit_oauth_resources/{id}`. Undefined once it is done. */
export function deleteResource(resources: Resources, id: string): ApiReply | undefined {
  const resource = resources.find(id);
  if (!resource) return NOT_FOUND;
  resources.delete(resource);
  return undefined;
}

// AuthKit has patterns "where enabled", which nobody described: a `*` would match nothing here.
const creationSchema = v.object({
  uri: v.pipe(
    v.string(),
    v.check((uri) => isAbsoluteUri(uri) && !uri.includes("*"), "invalid"),
  ),
  default: v.nullish(v.boolean()),
});

function encodeResource({ id, uri, isDefault, createdAt, updatedAt }: Resource): Record<string, unknown> {
  return {
    object: "authkit_oauth_resource",
    id,
    uri,
    default: isDefault,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
