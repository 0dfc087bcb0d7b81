import { createAnswer, type SessionAuthenticate, type SessionOptions } from "./authentication.js";
import { readHeaders, type SessionRequest } from "./headers.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";
export type { SessionRequest } from "./headers.js";

/** What is asked of better-auth: `betterAuth({ ... })` has it, with whichever plugins. */
export interface BetterAuth {
  readonly options: object;
  readonly api: {
    getSession(input: {
      headers: Headers;
      query: { disableCookieCache: boolean; disableRefresh: true };
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
    /** The admin plugin's: when a ban ends by itself; without it, never. */
    readonly banExpires?: Date | string | null | undefined;
  };
  readonly session: {
    readonly token: string;
    /** The admin plugin's: the administrator who acts in the user's name. */
    readonly impersonatedBy?: string | null | undefined;
  };
}

/**
 * `authenticate` from better-auth's session: the user's id, verified e-mail address and name. Nobody is signed in where
 * the user is anonymous or banned, where an administrator impersonates them, where the second factor is missing, or
 * where a bearer token or an API key is all that came. What better-auth throws passes untouched. Throws `invalid_config` where `verifyEmailUrl` is missing.
 */
export function fromBetterAuth(
  auth: BetterAuth,
  options: SessionOptions,
): SessionAuthenticate<SessionRequest> {
  const answer = createAnswer(options);
  // The cookie's copy outlives a session that was revoked. Where there is no store, it is all that there is.
  const stores: { database?: unknown; secondaryStorage?: unknown } = auth.options;
  const disableCookieCache = Boolean(stores.database || stores.secondaryStorage);
  return async (request, context) => {
    const found = await auth.api.getSession({
      headers: readHeaders(request),
      // Nobody here would send the cookie of a session that was prolonged.
      query: { disableCookieCache, disableRefresh: true },
    });
    if (!found) return null;
    const { user, session } = found;
    // An account for clients outside is the user's own to give, not an administrator's.
    if (user.isAnonymous || isBanned(user) || session.impersonatedBy) return null;
    const { id, email, emailVerified, name } = user;
    return answer({ id, email, emailVerified, name }, context);
  };
}

/** Better-auth ends a ban that is over at the next sign-in, which a user with a session may never see. */
function isBanned({ banned, banExpires }: BetterAuthSession["user"]): boolean {
  const isOver = banExpires && new Date(banExpires).getTime() < Date.now();
  return Boolean(banned && !isOver);
}
