import { ConnectError } from "@connect/core";
import type { SessionAuthenticate, SessionOptions } from "./authentication.js";
import { createLookUpAnswer, type FindUser } from "./signed-in-user.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";
export type { FindUser, SignedInUser } from "./signed-in-user.js";

export interface AuthJsUser {
  readonly id?: string | undefined;
}

/** What is asked of a session of Auth.js. */
export interface AuthJsSession<SessionUser extends AuthJsUser> {
  readonly user?: SessionUser | undefined;
}

type MaybeSession<SessionUser extends AuthJsUser> = AuthJsSession<SessionUser> | null;

/**
 * `authenticate` from the session of Auth.js. Nobody is signed in without one, or where the look-up finds nobody. A session
 * whose user has no id throws `invalid_config`: your session callback has to put it there. What Auth.js throws passes
 * untouched. Throws `invalid_config` where `verifyEmailUrl` is missing.
 * @param readSession `(request) => getSession(request, authConfig)` of `@auth/express`, or another framework's own
 * @param find gets the session's user
 */
export function fromAuthJs<NativeRequest, SessionUser extends AuthJsUser>(
  readSession: (request: NativeRequest) => MaybeSession<SessionUser> | Promise<MaybeSession<SessionUser>>,
  find: FindUser<[user: SessionUser & { readonly id: string }]>,
  options: SessionOptions,
): SessionAuthenticate<NativeRequest> {
  const answer = createLookUpAnswer(options);
  return async (request, context) => {
    const session = await readSession(request);
    if (!session) return null;
    const { user } = session;
    if (!user?.id) {
      throw new ConnectError("invalid_config", {
        reason: "session.user.id is missing: the session callback of Auth.js (callbacks.session) must set it",
      });
    }
    return answer(await find({ ...user, id: user.id }), context);
  };
}
