import type { JWTPayload } from "jose";
import { Authorization, type DriveClient, type Tokens } from "./authorization.js";
import { Browser as WalkingBrowser } from "./browser.js";
import { type DriveOptions, sessionOf } from "./options.js";
import type { Step } from "./step.js";
import { answerAll } from "./visit.js";
import { Visitor } from "./visitor.js";

export type { DriveClient, Tokens } from "./authorization.js";
export type { Page } from "./browser.js";
export type { Button, Choice, Field, Form } from "./form.js";
export type { DriveOptions, DriveUser } from "./options.js";
export { DriveError, type Step } from "./step.js";
export { type VisitOptions, visit } from "./visit.js";

/** An alias: a class that is exported as a type looks like a class in the bundled declarations, and nobody can make one. */
export type Browser = WalkingBrowser;

/** The client has its tokens. */
export interface Granted {
  readonly denied?: undefined;
  readonly tokens: Tokens;
  /** Of the access token, decoded and not verified. */
  readonly claims: JWTPayload;
  /** Each request, in its order. */
  readonly steps: readonly Step[];
}

/** The user said no: on AuthKit's consent page, or on the page that asks before a login is completed. */
export interface Denied {
  readonly denied: "consent" | "confirmation";
  readonly steps: readonly Step[];
}

const LOCAL_CLIENT: DriveClient = {
  clientId: "client_local_public",
  redirectUri: "http://localhost/callback",
};

/**
 * Walks the whole flow over HTTP, as a browser would: from the client's authorization request to the application's Login
 * URI and sign-in, over AuthKit's pages and back to the client, and redeems the code. Rejects with a `DriveError` that
 * says at which step, and what was expected there.
 */
export async function drive(
  options: DriveOptions & { readonly deny?: false | undefined; readonly confirm?: true | undefined },
): Promise<Granted>;
export async function drive(options: DriveOptions): Promise<Granted | Denied>;
export async function drive(options: DriveOptions): Promise<Granted | Denied> {
  const { client = LOCAL_CLIENT, scope = "openid profile email offline_access", resource, user } = options;
  const { issuer } = options.authkit;
  const authorization = new Authorization({ issuer, client, scope, resource });
  const { redirectUri } = client;
  const browser = new WalkingBrowser({ issuer, redirectUri, session: sessionOf(user) });
  const visitor = new Visitor(browser, options);

  const callback = await answerAll(browser, visitor, await authorization.url());
  if (callback === undefined) return { denied: "confirmation", steps: browser.steps };
  const result = authorization.read(callback, browser.steps);
  if ("error" in result) {
    visitor.expectDenied(result.error);
    visitor.expectAllAsked();
    return { denied: "consent", steps: browser.steps };
  }
  visitor.expectAllAsked();
  const { tokens, claims } = await authorization.redeem(result.code, browser.steps);
  return { tokens, claims, steps: browser.steps };
}
