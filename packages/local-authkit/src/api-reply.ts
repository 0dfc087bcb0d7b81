import type * as v from "valibot";

import { equalSecrets } from "./secrets.js";

/** An answer of the API that takes the API key. */
export interface ApiReply {
  status: 200 | 201 | 400 | 401 | 404 | 422;
  body: Record<string, unknown> | readonly unknown[];
}

/** One member or parameter at fault. */
export interface FieldError {
  field: string;
  code: string;
}

export const UNAUTHORIZED: ApiReply = { status: 401, body: { message: "Unauthorized" } };
export const MALFORMED: ApiReply = {
  status: 400,
  body: { error: "Bad Request", message: "The request body must be a JSON object." },
};
export const NOT_FOUND: ApiReply = { status: 404, body: { message: "Not Found", code: "not_found" } };

export function invalid(errors: FieldError[]): ApiReply {
  return {
    status: 422,
    body: { message: "Validation failed", code: "invalid_request_parameters", errors },
  };
}

/** In the OpenAPI document's words. */
export function organizationNotFound(id: string): ApiReply {
  return { status: 404, body: { message: `Organization not found: '${id}'.`, code: "not_found" } };
}

/** What a valibot schema found, by its `message`s: each is a code. */
export function invalidBy(issues: readonly v.BaseIssue<unknown>[]): ApiReply {
  return invalid(
    issues.map(({ path, message }) => ({
      field: (path ?? []).map(({ key }) => String(key)).join("."),
      code: message,
    })),
  );
}

/** The code of a field error, where the schema itself names none. To be given to valibot as `message`. */
export function codeOf({ received }: v.BaseIssue<unknown>): string {
  return received === "undefined" ? "required" : "invalid_type";
}

/** Whether an Authorization header holds the API key. */
export function isAuthorized(authorization: string | undefined, apiKey: string): boolean {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  return key !== undefined && equalSecrets(key, apiKey);
}
