/** The application's own address as clients would see it. Nobody looks it up: requests go to where it listens. */
export const APP_URL = "https://notes.example.com";

export const API_KEY = "sk_test_load";

/** Accounts that the examples come with; the sign-in page shows their passwords. */
export const ACCOUNTS = [
  { id: "usr_ada", email: "ada@example.com", password: "ada-password" },
  { id: "usr_grace", email: "grace@example.com", password: "grace-password" },
] as const;

/** The id of a login says whose it is: so AuthKit can tell when it is completed for somebody else. */
export function externalAuthId(unique: string, userId: string): string {
  return `ext_auth_${unique}_${userId}`;
}

/** Where AuthKit sends the browser on after a completion. */
export function completedUrl(issuer: string, id: string): string {
  return `${issuer}/oauth2/authorize/complete?ticket=${id}`;
}
