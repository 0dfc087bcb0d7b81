import { createHmac, timingSafeEqual } from "node:crypto";

// What these applications had before: one user, a sign-in page, and a session of their own in a signed cookie.

export interface User {
  readonly id: string;
  readonly email: string;
}

const SECRET = "the application's own";
const ADA = { id: "ada", email: "ada@example.com", password: "correct horse" };

/** The user of a Cookie header. */
export async function currentUser(cookies: string | null | undefined): Promise<User | null> {
  const value = /(?:^|;\s*)session=([^;]*)/.exec(cookies ?? "")?.[1] ?? "";
  return sameText(value, sign(ADA.id)) ? { id: ADA.id, email: ADA.email } : null;
}

/** A Set-Cookie header for whoever knows the password. */
export function signIn({ email, password }: Readonly<Record<string, unknown>>): string | null {
  if (email !== ADA.email || !sameText(String(password), ADA.password)) return null;
  return `session=${sign(ADA.id)}; Path=/; HttpOnly; SameSite=Lax`;
}

/** Where somebody who signed in goes: the login that they came from, and nowhere outside of this application. */
export function wayBack(returnTo: unknown): string {
  return typeof returnTo === "string" && returnTo.startsWith("/auth/login?") ? returnTo : "/";
}

export function signInPage(returnTo: unknown): string {
  return `<!doctype html><title>Sign in</title><form method="post">
    <input type="hidden" name="return_to" value="${encodeURI(wayBack(returnTo))}">
    <input name="email"> <input name="password" type="password"> <button>Sign in</button>
  </form>`;
}

function sign(id: string): string {
  return `${id}.${createHmac("sha256", SECRET).update(id).digest("base64url")}`;
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", SECRET).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
