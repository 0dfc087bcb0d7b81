import * as v from "valibot";

import { isDynamicRedirectUri } from "./redirect-uri.js";

/** The grants that an application nobody looked at may have. */
export const DYNAMIC_GRANTS = ["authorization_code", "refresh_token"] as const;

/** Members that mean the same in a registration and in a metadata document (RFC 7591 section 2). */
export const commonMetadata = {
  client_name: v.optional(v.pipe(v.string(), v.regex(/\S/, "must not be empty"))),
  redirect_uris: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check(
          isDynamicRedirectUri,
          "must be https, http on loopback, or of a scheme of the application's own, without fragment",
        ),
      ),
    ),
    v.minLength(1, "must have a member"),
  ),
};
