import { type SessionAuthenticate, type SessionOptions, toAuthentication } from "./authentication.js";
import { readHeaders, type SessionRequest } from "./headers.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";
export type { SessionRequest } from "./headers.js";

/** What is asked of better-auth: `betterAuth({ ... })` has it, with whichever plugins. */
export interface BetterAuth {
  readonly api: {
    getSession(input: {
      headers: Headers;
      query: { disableCookieCache: true; disableRefresh: true };
    }): Promise<BetterAuthSession | null>;
  };
}

export interface BetterAuthSession {
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly emailVerified: boolean;
    readonly name: string;
    /** The anonymous plugin's. */
    readonly isAnonymous?: boolean | null | undefined;
    /** The admin plugin's. */
    readonly banned?: boolean | null | undefined;
  };
  readonly session: {
    /** The admin plugin's: the administrator who acts in the user's name. */
    readonly impersonatedBy?: string | null | undefined;
  };
}

/**
 * `authenticate` from better-auth's session: the user's id, verified e-mail address and name. Nobody is signed in where
 * the user is anonymous or banned, where an administrator impersonates them, or where the second factor is missing.
 * What better-auth throws passes untouched.
 */
export function fromBetterAuth(
  auth: BetterAuth,
  options: SessionOptions,
): SessionAuthenticate<SessionRequest> {
  return async (request, context) => {
    const found = await auth.api.getSession({
      headers: readHeaders(request),
      // The cookie's copy outlives a session that was revoked; and nobody here sends a refreshed cookie on.
      query: { disableCookieCache: true, disableRefresh: true },
    });
    if (!found) return null;
    const { user, session } = found;
    // An account for clients outside is the user's own to give, not an administrator's.
    if (user.isAnonymous || user.banned || session.impersonatedBy) return null;
    const { id, email, emailVerified, name } = user;
    return toAuthentication({ id, email, isEmailVerified: emailVerified, name }, options, context);
  };
}
