import { Browser } from "./browser.js";
import { type DriveOptions, sessionOf } from "./options.js";
import { DriveError } from "./step.js";
import { Visitor } from "./visitor.js";

/** What {@link visit} needs to know: of {@link DriveOptions}, all that is the user's. */
export type VisitOptions = Omit<DriveOptions, "client" | "scope" | "resource">;

/**
 * The user's part of {@link drive}, for another client's authorization request: opens it, signs in, answers AuthKit's
 * pages, and gives the client's redirect URI as the browser was sent there. Rejects with a `DriveError`.
 */
export async function visit(authorizationUrl: URL | string, options: VisitOptions): Promise<URL> {
  const redirectUri = new URL(authorizationUrl).searchParams.get("redirect_uri");
  if (redirectUri === null) throw new DriveError("The authorization request has no redirect_uri.", []);
  const { authkit, user } = options;
  const browser = new Browser({ issuer: authkit.issuer, redirectUri, session: sessionOf(user) });
  const visitor = new Visitor(browser, options);
  const callback = await answerAll(browser, visitor, String(authorizationUrl));
  if (callback === undefined) {
    throw new DriveError(
      "The user said that they did not start this: the client never hears of it.",
      browser.steps,
    );
  }
  visitor.expectAllAsked();
  return callback;
}

/** Opens an address and answers each page, to the client's redirect URI; `undefined`: the user stopped before it. */
export async function answerAll(browser: Browser, visitor: Visitor, url: string): Promise<URL | undefined> {
  await browser.open(url);
  while (browser.callback === undefined) {
    await visitor.answer(browser.page);
    if (visitor.denied === "confirmation") return undefined;
  }
  return browser.callback;
}
