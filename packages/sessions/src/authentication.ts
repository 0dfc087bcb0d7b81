import {
  type Authentication,
  ConnectError,
  type LoginContext,
  type LoginOptions,
  type User,
  withReturnTo,
} from "@connect/core";

/** What every helper has to be told. */
export interface SessionOptions {
  /**
   * Where users go whose e-mail address is missing or not verified: a page of the application that sees to it and comes
   * back. A path or https URL, which gets the way back as `return_to`; or a function from the way back to the address.
   */
  readonly verifyEmailUrl: LoginOptions["signInUrl"];
}

/** An `authenticate` for any adapter whose requests are `NativeRequest`. */
export type SessionAuthenticate<NativeRequest> = (
  request: NativeRequest,
  context: LoginContext,
) => Promise<Authentication>;

interface Account extends Omit<User, "email"> {
  readonly email: string | null | undefined;
  readonly emailVerified: boolean;
}

/** AuthKit takes an address as verified, whoever typed it: one that is not must not get there. */
export function createAnswer({
  verifyEmailUrl,
}: SessionOptions): (account: Account, context: LoginContext) => Authentication {
  // Found at start-up, not by the first user whose address is not verified.
  if (typeof verifyEmailUrl !== "string" && typeof verifyEmailUrl !== "function") {
    throw new ConnectError("invalid_config", { reason: "verifyEmailUrl: must be a string or a function" });
  }
  return ({ email, emailVerified, ...rest }, { returnTo }) =>
    email && emailVerified
      ? { user: { ...rest, email } }
      : { redirectTo: withReturnTo(verifyEmailUrl, returnTo) };
}
