import {
  type Authentication,
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
  readonly isEmailVerified: boolean;
}

/** AuthKit takes an address as verified, whoever typed it: one that is not must not get there. */
export function toAuthentication(
  { email, isEmailVerified, ...rest }: Account,
  { verifyEmailUrl }: SessionOptions,
  { returnTo }: LoginContext,
): Authentication {
  if (!email || !isEmailVerified) return { redirectTo: withReturnTo(verifyEmailUrl, returnTo) };
  return { user: { ...rest, email } };
}
