import { createAnswer, type SessionAuthenticate, type SessionOptions } from "./authentication.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";

/** What is asked of Clerk's client: `createClerkClient({ ... })` and `clerkClient` have it. */
export interface ClerkClient {
  readonly users: { getUser(userId: string): Promise<ClerkUser> };
}

export interface ClerkUser {
  readonly id: string;
  readonly primaryEmailAddress: {
    readonly emailAddress: string;
    readonly verification: { readonly status: string } | null;
  } | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly banned: boolean;
  readonly deprovisioned: boolean;
}

/** What Clerk's middleware found: `getAuth(request)`, or `await auth()` in Next.js. */
export type ClerkAuth =
  | {
      readonly tokenType: "session_token";
      readonly userId: string | null;
      readonly sessionStatus?: string | null;
      readonly actor?: object | null | undefined;
    }
  | { readonly tokenType: "api_key" | "m2m_token" | "oauth_token" | null };

/**
 * `authenticate` from Clerk's session: the user's id, verified primary e-mail address, first and last name, asked of
 * Clerk's API. Nobody is signed in where the session is pending (a second factor, a task), where somebody impersonates
 * the user, where a machine's token was sent, or where the user is banned, deprovisioned or gone. What Clerk throws
 * passes untouched. Throws `invalid_config` where `verifyEmailUrl` is missing.
 * @param readAuth Clerk's own, behind its middleware: `getAuth`, or `() => auth()` in Next.js; `null` is nobody
 */
export function fromClerk<NativeRequest>(
  clerk: ClerkClient,
  readAuth: (request: NativeRequest) => ClerkAuth | null | Promise<ClerkAuth | null>,
  options: SessionOptions,
): SessionAuthenticate<NativeRequest> {
  const answer = createAnswer(options);
  return async (request, context) => {
    const auth = await readAuth(request);
    if (auth?.tokenType !== "session_token" || auth.userId === null) return null;
    // Clerk says so only where `treatPendingAsSignedOut` is off. An account for clients outside is the user's own to give.
    if (auth.sessionStatus === "pending" || auth.actor) return null;
    const user = await findUser(clerk, auth.userId);
    if (user === null || user.banned || user.deprovisioned) return null;
    const { id, primaryEmailAddress: email, firstName, lastName } = user;
    const emailVerified = email?.verification?.status === "verified";
    return answer({ id, email: email?.emailAddress, emailVerified, firstName, lastName }, context);
  };
}

/** A session token says nothing of what became of the user since, for up to a minute. */
async function findUser(clerk: ClerkClient, userId: string): Promise<ClerkUser | null> {
  try {
    return await clerk.users.getUser(userId);
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return null;
    throw error;
  }
}
