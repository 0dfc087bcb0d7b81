import type { FindUser, SignedInUser } from "./signed-in-user.js";

/**
 * Takes the user's id out of the session's data, once all steps of the sign-in are done: `null`, `undefined`, `false` and
 * `""` are nobody.
 */
export type ReadUserId<Session, UserId> = (session: Session) => UserId | null | undefined | false | "";

/** The look-up is never asked without an id: many a database library takes `undefined` for any user, and gives the first. */
export async function findById<Session, UserId>(
  session: Session,
  readUserId: ReadUserId<Session, UserId>,
  find: FindUser<[userId: UserId]>,
): Promise<SignedInUser | null | undefined> {
  const userId = readUserId(session);
  const isNobody = userId === null || userId === undefined || userId === false || userId === "";
  return isNobody ? null : find(userId);
}
