import type { User } from "@connect/core";
import { authkit } from "../../examples/login.js";
import type { Visit } from "./serve.js";

export interface Outcome {
  /** Where the browser goes: a page's path, or "AuthKit". */
  readonly to: string;
  /** What AuthKit was told, if it was. */
  readonly user: unknown;
}

/** Lets a browser visit the Login URI with a login of its own. */
export async function visitLogin(visit: Visit): Promise<Outcome> {
  const before = authkit.completions.length;
  const response = await visit(authkit.beginLogin().url("/auth/login"));
  const location = response.headers.get("location") ?? `status ${response.status}`;
  return {
    to: location.startsWith(authkit.issuer) ? "AuthKit" : (location.split("?", 1)[0] ?? ""),
    user: authkit.completions.slice(before).at(-1)?.user ?? null,
  };
}

export function completed(user: User): Outcome {
  return { to: "AuthKit", user };
}

export const toSignIn: Outcome = { to: "/sign-in", user: null };
export const toVerifyEmail: Outcome = { to: "/verify-email", user: null };
