import { type Authentication, ConnectError, type LoginContext, type User } from "@connect/core";
import { createAnswer, type SessionOptions } from "./authentication.js";

/**
 * The application's user, as a look-up finds them. A row that has more in it can be given as it is: nothing but these
 * reaches AuthKit.
 */
export interface SignedInUser extends Pick<User, "id" | "firstName" | "lastName" | "name"> {
  readonly email: string | null | undefined;
  /**
   * Whether `email` is known to be this user's: a boolean, or the time at which it was verified and `null` until then.
   * AuthKit hears of no address that is not. Anything else, such as a database's 0 and 1, is refused with `invalid_user`.
   */
  readonly emailVerified: boolean | Date | null;
}

/**
 * The application's own look-up. It gives `null` or `undefined` for a user who is banned or deleted: nobody is signed in
 * then. What it throws passes untouched.
 */
export type FindUser<Found extends readonly unknown[]> = (
  ...found: Found
) => SignedInUser | null | undefined | Promise<SignedInUser | null | undefined>;

/** The answer of the helpers that leave it to the application to find the user. */
export function createLookUpAnswer(
  options: SessionOptions,
): (user: SignedInUser | null | undefined, context: LoginContext) => Authentication {
  const answer = createAnswer(options);
  return (user, context) => {
    if (!user) return null;
    const { id, email, firstName, lastName, name } = user;
    return answer({ id, email, emailVerified: isVerified(user), firstName, lastName, name }, context);
  };
}

function isVerified({ emailVerified }: SignedInUser): boolean {
  // MySQL's zero date comes as one that is invalid.
  if (emailVerified instanceof Date) return !Number.isNaN(emailVerified.getTime());
  // A guess would tell AuthKit of "false", or send everybody round by the page that verifies.
  if (emailVerified !== null && typeof emailVerified !== "boolean") {
    throw new ConnectError("invalid_user", {
      reason: "user.emailVerified: must be a boolean, a Date or null",
    });
  }
  return emailVerified === true;
}
