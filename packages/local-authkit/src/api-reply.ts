import { equalSecrets } from "./secrets.js";

/** An answer of the API that takes the API key. */
export interface ApiReply {
  status: 200 | 400 | 401 | 404 | 422;
  body: Record<string, unknown>;
}

/** One member or parameter at fault. */
export interface FieldError {
  field: string;
  code: string;
}

export const UNAUTHORIZED: ApiReply = { status: 401, body: { message: "Unauthorized" } };
export const NOT_FOUND: ApiReply = { status: 404, body: { message: "Not Found", code: "not_found" } };

export function invalid(errors: FieldError[]): ApiReply {
  return {
    status: 422,
    body: { message: "Validation failed", code: "invalid_request_parameters", errors },
  };
}

/** Whether an Authorization header holds the API key. */
export function isAuthorized(authorization: string | undefined, apiKey: string): boolean {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  return key !== undefined && equalSecrets(key, apiKey);
}
