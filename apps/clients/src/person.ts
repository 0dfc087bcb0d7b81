import { HttpBrowser, type Page } from "e2e/http-browser";
import { client } from "./scene.js";
import type { Workspace } from "./workspace.js";

/** Somebody with a browser of their own. */
export class Person {
  readonly email: string;
  readonly browser = new HttpBrowser(({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname === "/oauth2/authorize") this.authorization = searchParams;
  });
  /** What the last authorization request asked for. */
  authorization = new URLSearchParams();

  constructor(email = "ada@example.com") {
    this.email = email;
  }

  /**
   * Follows a client's link to AuthKit, signs in at the Login URI, chooses a workspace and allows. Gives where the browser
   * comes to rest: before the redirect URI of a client without a server, else on the page that the client shows.
   */
  async authorize(url: string, workspace: Workspace): Promise<Page> {
    const signInPage = await this.browser.open(url);
    return this.consent(await this.signIn(signInPage), workspace);
  }

  signIn(page: Page): Promise<Page> {
    expectPage(page, "/sign-in");
    return this.browser.submit(page, { email: this.email });
  }

  consent(page: Page, workspace: Workspace): Promise<Page> {
    expectPage(page, "/oauth2/consent/");
    return this.browser.submit(page, { "option:0": workspace, decision: "allow" }, client.redirectUri);
  }
}

function expectPage({ url, status }: Page, path: string): void {
  const { pathname } = new URL(url);
  if (status !== 200 || !pathname.startsWith(path)) {
    throw new Error(`The browser came to ${pathname} (${status}) and not to ${path}.`);
  }
}
