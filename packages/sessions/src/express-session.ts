import { ConnectError } from "@connect/core";
import type { SessionAuthenticate, SessionOptions } from "./authentication.js";
import { createLookUpAnswer, type FindUser } from "./signed-in-user.js";
import { findById, type ReadUserId } from "./user-id.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";
export type { FindUser, SignedInUser } from "./signed-in-user.js";
export type { ReadUserId } from "./user-id.js";

/** A request behind the sessions' middleware. */
export interface ExpressSessionRequest<Session> {
  readonly session: Session;
}

/**
 * `authenticate` from express-session or @fastify/session: the user is looked up by the id that your sign-in put into the
 * session. Nobody is signed in where the session has none or has ended, or where the look-up finds nobody. A request
 * without a session throws `invalid_config`: the middleware is missing, or its store can't be reached. Throws
 * `invalid_config` where `verifyEmailUrl` is missing.
 * @param readUserId takes the id out of the session's data: `(session) => session.userId`
 * @param find looks up who has this id; it is never asked without one
 */
export function fromExpressSession<Session, UserId = string>(
  readUserId: ReadUserId<Session, UserId>,
  find: FindUser<[userId: UserId]>,
  options: SessionOptions,
): SessionAuthenticate<ExpressSessionRequest<Session>> {
  const answer = createLookUpAnswer(options);
  return async ({ session }, context) => {
    if (!session) {
      throw new ConnectError("invalid_config", {
        reason:
          "request.session is missing: the session middleware must come before this route, with its store in reach",
      });
    }
    return answer(await findById(session, readUserId, find), context);
  };
}
