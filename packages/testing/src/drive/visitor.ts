import type { Browser, Page } from "./browser.js";
import type { Form } from "./form.js";
import type { DriveOptions } from "./options.js";
import { choicesOf, findConfirmation, findConsent, findForm, findOrganizations, titleOf } from "./pages.js";
import { DriveError } from "./step.js";

/** More pages than any login has. */
const MAX_PAGES = 30;

/** The person of the walk: answers each page as the options say. */
export class Visitor {
  /** Where the user said no. */
  denied: "consent" | "confirmation" | undefined;
  readonly #browser: Browser;
  readonly #options: DriveOptions;
  readonly #asked = new Set<"confirm" | "organization" | "consent">();
  #hasSignedIn = false;
  #pages = 0;

  constructor(browser: Browser, options: DriveOptions) {
    this.#browser = browser;
    this.#options = options;
  }

  /** Does what the page asks for. */
  answer(page: Page): Promise<void> {
    this.#pages += 1;
    if (this.#pages > MAX_PAGES) throw this.#fail(`After ${MAX_PAGES} pages the login is not done.`);
    return page.who === "authkit" ? this.#answerAuthKit(page) : this.#answerApplication(page);
  }

  /** AuthKit ended the login with an error: that is right only where the user denied. */
  expectDenied(error: string): void {
    if (this.denied === "consent" && error === "access_denied") return;
    throw this.#fail(`Expected a code, but AuthKit sent the browser to the client with the error ${error}.`);
  }

  /** What was to be answered must have been asked: else a test would pass that tests nothing. */
  expectAllAsked(): void {
    const { confirm, organization, choose = {}, deny } = this.#options;
    if (confirm !== undefined)
      this.#expectAsked("confirm", "the page that asks before the login is completed");
    if (organization !== undefined) this.#expectAsked("organization", "AuthKit's page of organizations");
    if (deny || Object.keys(choose).length > 0)
      this.#expectAsked(
        "consent",
        "AuthKit's consent page (users who allowed a client before are not asked again)",
      );
  }

  #expectAsked(what: "confirm" | "organization" | "consent", words: string): void {
    if (!this.#asked.has(what)) throw this.#fail(`Expected ${words}, but it never came.`);
  }

  async #answerAuthKit(page: Page): Promise<void> {
    const organizations = findOrganizations(page);
    if (organizations !== undefined) {
      this.#asked.add("organization");
      const { form, field } = organizations;
      const { organization } = this.#options;
      if (organization === undefined)
        throw this.#fail("AuthKit asks for an organization: say which (organization).");
      const choice = field.choices?.find(
        ({ value, label }) => value === organization || label === organization,
      );
      if (choice === undefined) throw this.#fail("AuthKit's page does not offer this organization.");
      return this.#browser.submit(form, { [field.name]: choice.value });
    }
    const consent = findConsent(page, this.#options.deny ? "deny" : "allow");
    if (consent === undefined) {
      throw this.#fail(
        `Expected the Login URI, the consent page or the client, but AuthKit says: ${titleOf(page)}.`,
      );
    }
    if (this.#asked.has("consent")) throw this.#fail("AuthKit shows its consent page again.");
    this.#asked.add("consent");
    if (!this.#options.deny) {
      return this.#browser.submit(consent.form, this.#choose(consent.form), consent.button);
    }
    this.denied = "consent";
    return this.#browser.submit(consent.form, {}, consent.button);
  }

  /** The consent page's fields for what `choose` says. */
  #choose(form: Form): Record<string, string> {
    const { choose = {} } = this.#options;
    const asked = choicesOf(form);
    const values: Record<string, string> = {};
    for (const claim of Object.keys(choose)) {
      if (!asked.has(claim)) throw this.#fail(`The consent page does not ask for ${claim}.`);
    }
    for (const [claim, field] of asked) {
      const value = choose[claim];
      if (value === undefined)
        throw this.#fail(`The consent page asks for ${claim}: say what is chosen (choose).`);
      if (!field.choices?.some((choice) => choice.value === value)) {
        throw this.#fail(`The consent page does not offer this value for ${claim}.`);
      }
      values[field.name] = value;
    }
    return values;
  }

  async #answerApplication(page: Page): Promise<void> {
    const { authkit, confirm, user } = this.#options;
    if (page.status >= 500) throw this.#fail("The application failed: its log says why.");
    const confirmation = findConfirmation(page, confirm === false ? "deny" : "continue");
    if (confirmation !== undefined) {
      this.#asked.add("confirm");
      if (confirm === false) this.denied = "confirmation";
      return this.#browser.submit(confirmation.form, {}, confirmation.button);
    }
    if (typeof user === "function") {
      this.#signInOnce();
      return user(page, this.#browser);
    }
    if (!("fields" in user))
      throw this.#lost(
        page,
        `Expected the application to know its user by what was sent along, and to complete the login at ${authkit.issuer}.`,
      );
    const names = Object.keys(user.fields);
    const form = findForm(page, names);
    if (form === undefined) {
      throw this.#lost(
        page,
        this.#hasSignedIn
          ? `Expected the login to go on after signing in. Does the sign-in page send the browser to return_to? Then the application's log says why it does not complete the login at ${authkit.issuer}.`
          : `Expected a form with the fields ${names.join(", ")}.`,
      );
    }
    this.#signInOnce();
    return this.#browser.submit(form, user.fields);
  }

  /** Nothing on the page leads on. */
  #lost({ status }: Page, message: string): DriveError {
    return this.#fail(
      status < 400 ? message : "The application refused this, or its framework did: its log says why.",
    );
  }

  #signInOnce(): void {
    if (this.#hasSignedIn)
      throw this.#fail("Expected the login to go on, but the application still asks to sign in.");
    this.#hasSignedIn = true;
  }

  #fail(message: string): DriveError {
    return new DriveError(message, this.#browser.steps);
  }
}
