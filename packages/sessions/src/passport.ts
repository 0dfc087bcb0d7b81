import { ConnectError } from "@connect/core";
import type { SessionAuthenticate, SessionOptions } from "./authentication.js";
import { createLookUpAnswer, type FindUser } from "./signed-in-user.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";
export type { FindUser, SignedInUser } from "./signed-in-user.js";

/** What is asked of an Express request behind Passport's middleware, whatever the application's types say of it. */
export interface PassportRequest {
  readonly headers: object;
  readonly user?: unknown;
  readonly session?: unknown;
  readonly isAuthenticated?: unknown;
}

/**
 * `authenticate` from Passport's session. Nobody is signed in where the session has ended, where a strategy knows the user
 * for this request alone (`session: false`), or where the look-up finds nobody. A request that did not come by Passport's
 * session middleware throws `invalid_config`. Throws `invalid_config` where `verifyEmailUrl` is missing.
 * @param find gets `request.user`, as your `deserializeUser` gave it, and the request; the type of its parameter is taken
 * on trust, as Passport knows none
 */
export function fromPassport<PassportUser, NativeRequest extends PassportRequest = PassportRequest>(
  find: FindUser<[user: PassportUser, request: NativeRequest]>,
  options: SessionOptions,
): SessionAuthenticate<NativeRequest> {
  const answer = createLookUpAnswer(options);
  return async (request, context) => {
    if (!request.session) throw missing("request.session is missing: the session middleware");
    if (!request.isAuthenticated) throw missing("Passport is missing: passport.session()");
    if (!isInSession(request.session)) return null;
    // It takes somebody whom it does not find out of the session.
    if (!request.user) throw missing("request.user is missing: passport.session()");
    return answer(await find(request.user as PassportUser, request), context);
  };
}

/** Whether Passport keeps somebody in the session; whom it does not, it knows for this request alone. */
function isInSession({ passport }: { passport?: { user?: unknown } }): boolean {
  return Boolean(passport?.user) || passport?.user === 0;
}

function missing(what: string): ConnectError {
  return new ConnectError("invalid_config", { reason: `${what} must come before this route` });
}
