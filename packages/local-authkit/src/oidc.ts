/** What is used of the `oidc-provider` module, which is imported when an AuthKit starts. */
export type Oidc = typeof import("oidc-provider");
export type OidcErrors = Oidc["errors"];

/**
 * Imports oidc-provider without the notices it prints on loading (it warns on every runtime that is not a recent
 * LTS release). Anything else that is printed meanwhile goes through.
 */
export async function importOidc(): Promise<Oidc> {
  const { warn } = console;
  console.warn = (...data: unknown[]) => {
    if (!String(data[0]).includes("oidc-provider WARNING")) warn(...data);
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}
