import { ConnectError } from "../errors.js";
import type { RequestView } from "../ports.js";
import { toQuery } from "./request-path.js";

/** The query parameter that AuthKit adds to the Login URI. */
export const EXTERNAL_AUTH_ID = "external_auth_id";

/** AuthKit's ids have some 30 characters; this leaves room and keeps the way back within every URL limit. */
const MAX_LENGTH = 512;

/**
 * The one `external_auth_id` of a request to the Login URI. AuthKit promises no format, so the id is opaque: any run
 * of 1 to 512 visible ASCII characters. Throws `invalid_external_auth_id` with reason `missing`, `repeated`, `empty`,
 * `too_long` or `malformed`.
 */
export function readExternalAuthId(request: RequestView): string {
  const [id, ...others] = toQuery(request).getAll(EXTERNAL_AUTH_ID);
  if (id === undefined) throw invalid("missing");
  if (others.length > 0) throw invalid("repeated");
  return parseExternalAuthId(id);
}

/** Checks an id that came by another way, such as a hidden form field. Throws as {@link readExternalAuthId} does. */
export function parseExternalAuthId(value: unknown): string {
  if (typeof value !== "string") throw invalid("malformed");
  if (value === "") throw invalid("empty");
  if (value.length > MAX_LENGTH) throw invalid("too_long");
  if (!/^[\x21-\x7e]+$/.test(value)) throw invalid("malformed");
  return value;
}

function invalid(reason: string): ConnectError {
  return new ConnectError("invalid_external_auth_id", { reason });
}
