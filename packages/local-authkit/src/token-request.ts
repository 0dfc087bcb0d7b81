import { keepFirst } from "./authorization-request.js";
import type { Config } from "./config.js";

/** What AuthKit looks at of a token request. `isRegistered`: whether the client registered itself. */
export function toKnownTokenParameters(
  form: URLSearchParams,
  isRegistered: boolean,
  { resources, switches }: Pick<Config, "resources" | "switches">,
): URLSearchParams {
  const grantType = form.get("grant_type") ?? "";
  const hasAskedBefore = grantType === "authorization_code" || grantType === "refresh_token";
  // Without registered indicators AuthKit ignores the parameter; devices cannot ask for a resource at all.
  if (
    resources.length === 0 ||
    grantType.endsWith("device_code") ||
    (hasAskedBefore && switches.differingResource === "ignored")
  ) {
    form.delete("resource");
  }
  if (switches.severalResources === "first") keepFirst(form, "resource");
  if (switches.pkce === "registered-clients" && !isRegistered) form.delete("code_verifier");
  return form;
}
