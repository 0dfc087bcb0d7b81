import { getIronSession, type SessionOptions as IronOptions } from "iron-session";
import type { SessionAuthenticate, SessionOptions } from "./authentication.js";
import { readHeaders, type SessionRequest } from "./headers.js";
import { createLookUpAnswer, type FindUser } from "./signed-in-user.js";
import { findById, type ReadUserId } from "./user-id.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";
export type { SessionRequest } from "./headers.js";
export type { FindUser, SignedInUser } from "./signed-in-user.js";
export type { ReadUserId } from "./user-id.js";

/** What Next.js's `await cookies()` gives. */
export interface CookieStore {
  get(name: string): { name: string; value: string } | undefined;
  getAll(): readonly unknown[];
}

/**
 * `authenticate` from iron-session's cookie: the user is looked up by the id that your sign-in put into it. The session is
 * read and never saved. Nobody is signed in where the cookie has no id, has expired or can't be unsealed, or where the
 * look-up finds nobody. What iron-session throws passes untouched. Throws `invalid_config` where `verifyEmailUrl` is missing.
 * @param sessionOptions what you give `getIronSession`
 * @param readUserId takes the id out of the session's data: `(session: SessionData) => session.userId`
 * @param find looks up who has this id; it is never asked without one
 */
export function fromIronSession<Session extends object, UserId = string>(
  sessionOptions: IronOptions,
  readUserId: ReadUserId<Partial<Session>, UserId>,
  find: FindUser<[userId: UserId]>,
  options: SessionOptions,
): SessionAuthenticate<SessionRequest | CookieStore> {
  const answer = createLookUpAnswer(options);
  return async (request, context) => {
    const session = await readSession<Session>(request, sessionOptions);
    return answer(await findById(session, readUserId, find), context);
  };
}

/** What might be written goes nowhere. */
function readSession<Session extends object>(
  request: SessionRequest | CookieStore,
  options: IronOptions,
): Promise<Partial<Session>> {
  if ("getAll" in request) {
    return getIronSession<Session>({ get: (name) => request.get(name), set: () => {} }, options);
  }
  const read = new Request("http://localhost", { headers: readHeaders(request) });
  return getIronSession<Session>(read, new Response(), options);
}
