import type { DriveClient } from "./authorization.js";
import type { Browser, Page, Session } from "./browser.js";

/** Who signs in, and how. */
export type DriveUser =
  /** A session that is there already: a `Cookie` header, or other headers. The application's origin alone gets it. */
  | { readonly cookie: string }
  | { readonly headers: Readonly<Record<string, string>> }
  /** What is filled into the first form of the application's sign-in page that has these fields. */
  | { readonly fields: Readonly<Record<string, string>> }
  /** Anything else: called with the application's first page, and done when the browser is where the login goes on. */
  | ((page: Page, browser: Browser) => Promise<void>);

/** What {@link drive} needs to know. */
export interface DriveOptions {
  /** A local AuthKit that is running: its issuer is its address. */
  readonly authkit: { readonly issuer: string };
  /** Default: the public client that a local AuthKit has unless it is given others. */
  readonly client?: DriveClient | undefined;
  readonly user: DriveUser;
  /** What is chosen on the consent page: values by claim. It must name all that is asked for, and nothing else. */
  readonly choose?: Readonly<Record<string, string>> | undefined;
  /** The id or the name of the organization that is chosen on AuthKit's page; must be given where that page comes. */
  readonly organization?: string | undefined;
  /** Whether the user denies on the consent page. Default: allows. */
  readonly deny?: boolean | undefined;
  /**
   * The page of the SDK's that asks before a login is completed. `true`: it must come, and the user goes on; `false`: the
   * user says that they did not start this. Default: the user goes on, where it comes.
   */
  readonly confirm?: boolean | undefined;
  /** Default `openid profile email offline_access`. */
  readonly scope?: string | undefined;
  /** The resource indicator (RFC 8707). Default: none. */
  readonly resource?: string | undefined;
}

/** What the application knows of the user beforehand. */
export function sessionOf(user: DriveUser): Session {
  return typeof user === "function" || "fields" in user ? {} : user;
}
