import { keepFirst } from "./authorization-request.js";
import type { Resources } from "./resources.js";
import type { Switches } from "./switches.js";

/** What AuthKit looks at of a token request. `isRegistered`: whether the client registered itself. */
export function toKnownTokenParameters(
  form: URLSearchParams,
  isRegistered: boolean,
  { resources, switches }: { resources: Resources; switches: Switches },
): URLSearchParams {
  const grantType = form.get("grant_type") ?? "";
  const hasAskedBefore = grantType === "authorization_code" || grantType === "refresh_token";
  // Without registered indicators AuthKit ignores the parameter; devices cannot ask for a resource at all.
  if (
    resources.isEmpty ||
    grantType.endsWith("device_code") ||
    (hasAskedBefore && switches.differingResource === "ignored")
  ) {
    form.delete("resource");
  }
  if (switches.severalResources === "first") keepFirst(form, "resource");
  if (switches.pkce === "registered-clients" && !isRegistered) form.delete("code_verifier");
  return form;
}
