/**
 * The scopes every Connect application may ask for (AuthKit: authorize reference). All other scopes are permission
 * slugs assigned to one application.
 */
export const STANDARD_SCOPES = ["email", "offline_access", "openid", "profile"] as const;

/** The claims that a scope adds to the ID token and to userinfo (AuthKit: authorize reference, table of scopes). */
export const CLAIMS_BY_SCOPE = {
  openid: ["sub"],
  profile: ["name", "given_name", "family_name"],
  email: ["email", "email_verified"],
};

const SCOPES_IN_WORDS = new Map([
  ["openid", "Know who you are"],
  ["profile", "See your name"],
  ["email", "See your email address"],
  ["offline_access", "Keep this access while you are away"],
]);

/** What a standard scope lets an application do, for the consent screen; undefined for a permission slug. */
export function scopeInWords(scope: string): string | undefined {
  return SCOPES_IN_WORDS.get(scope);
}

export function splitScope(scope: unknown): string[] {
  return typeof scope === "string" ? [...new Set(scope.split(" ").filter(Boolean))] : [];
}
