import { CookieJar } from "./cookie-jar.js";
import { type Button, encodeForm, type Form, FormError, readForms } from "./form.js";
import { DriveError, type Step, toPath, type Who } from "./step.js";

/** Where the browser has come to rest. */
export interface Page {
  readonly who: Who;
  readonly url: string;
  readonly status: number;
  readonly html: string;
  readonly forms: readonly Form[];
}

/** What is known to the application beforehand. */
export interface Session {
  /** A `Cookie` header. */
  readonly cookie?: string | undefined;
  /** Sent with each request to the application. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface BrowserConfig {
  readonly issuer: string;
  /** Where the walk ends: the browser is sent there, and does not go. */
  readonly redirectUri: string;
  readonly session: Session;
}

/** More redirects than any login has. */
const MAX_REDIRECTS = 30;

/** A browser without a screen and without scripts: cookies, redirects, forms. */
export class Browser {
  /** All that was asked and answered, in its order. */
  readonly steps: Step[] = [];
  readonly #config: BrowserConfig;
  readonly #jar = new CookieJar();
  #application: string | undefined;
  #page: Page | undefined;
  #callback: URL | undefined;

  constructor(config: BrowserConfig) {
    this.#config = config;
  }

  /** The page that the browser shows. */
  get page(): Page {
    if (this.#page === undefined) throw new Error("The browser shows no page.");
    return this.#page;
  }

  /** The client's redirect URI as the browser was sent there; `undefined` until then. */
  get callback(): URL | undefined {
    return this.#callback;
  }

  /** Opens an address, absolute or on the page's site, and goes where it leads. */
  open(url: string): Promise<void> {
    return this.#go(new URL(url, this.#page?.url), { method: "GET" });
  }

  /**
   * Fills in a form of the page, and presses a button: one of the form's, or else its first. Rejects where a field is
   * missing, required and empty, or does not offer the value.
   */
  submit(form: Form, values: Readonly<Record<string, string>> = {}, button?: Button): Promise<void> {
    const entries = this.#encode(form, values, button);
    const action = new URL(form.action);
    if (form.method === "GET") {
      action.search = new URLSearchParams(entries).toString();
      return this.#go(action, { method: "GET" });
    }
    const body = form.isMultipart ? new FormData() : new URLSearchParams();
    for (const [name, value] of entries) body.append(name, value);
    return this.#go(action, { method: "POST", body, headers: { origin: new URL(this.page.url).origin } });
  }

  /** Makes one request, as a script of a page would: with the browser's cookies, and following no redirect. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url, this.#page?.url);
    const method = init.method ?? "GET";
    const who = this.#meet(target);
    const headers = new Headers(init.headers);
    if (who === "application") {
      for (const [name, value] of Object.entries(this.#config.session.headers ?? {}))
        headers.set(name, value);
    }
    const cookie = this.#jar.header(target);
    if (cookie !== "") headers.set("cookie", cookie);
    let response: Response;
    try {
      response = await fetch(target, { ...init, headers, redirect: "manual" });
    } catch (error) {
      const address = target.origin + toPath(target);
      throw this.#fail(
        `Then ${method} ${address} came to no answer${codeOf(error)}. Is the ${who} up, and on this port?`,
      );
    }
    this.#jar.store(response.headers.getSetCookie(), target);
    this.steps.push({ who, method, origin: target.origin, path: toPath(target), status: response.status });
    return response;
  }

  async #go(start: URL, init: RequestInit): Promise<void> {
    let url = start;
    let request = init;
    for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
      if (this.#isCallback(url)) {
        this.#callback = url;
        return;
      }
      if (url.protocol !== "http:" && url.protocol !== "https:") {
        throw this.#fail(
          `It leads to an address of the scheme ${url.protocol}, which is not the redirect URI.`,
        );
      }
      const response = await this.fetch(url.href, withNavigation(request));
      const location = response.headers.get("location");
      if (location === null || response.status < 300 || response.status > 399) {
        const html = await response.text();
        const forms = readForms(html, url.href);
        this.#page = { who: this.#meet(url), url: url.href, status: response.status, html, forms };
        return;
      }
      await response.body?.cancel();
      if (!URL.canParse(location, url.href)) throw this.#fail("Its Location is no address.");
      url = new URL(location, url);
      const keepsMethod = response.status === 307 || response.status === 308;
      request = keepsMethod ? request : { method: "GET" };
    }
    throw this.#fail(`After ${MAX_REDIRECTS} redirects the browser still is on its way.`);
  }

  #encode(form: Form, values: Readonly<Record<string, string>>, button: Button | undefined) {
    try {
      return encodeForm(form, values, button);
    } catch (error) {
      if (error instanceof FormError) throw this.#fail(`Its form can't be sent: ${error.message}.`);
      throw error;
    }
  }

  /** Who is at this address. The first that AuthKit sends the browser to is the application, at its Login URI. */
  #meet({ origin }: URL): Who {
    if (origin === new URL(this.#config.issuer).origin) return "authkit";
    if (this.#application === undefined) {
      this.#application = origin;
      this.#jar.seed(this.#config.session.cookie ?? "", origin);
    }
    return origin === this.#application ? "application" : "other";
  }

  #isCallback(url: URL): boolean {
    const { protocol, host, pathname } = new URL(this.#config.redirectUri);
    return url.protocol === protocol && url.host === host && url.pathname === pathname;
  }

  #fail(message: string): DriveError {
    return new DriveError(message, this.steps);
  }
}

/** Whoever looks at what a request is for sees a person's navigation. */
function withNavigation(init: RequestInit): RequestInit {
  const headers = { accept: "text/html,*/*;q=0.8", "sec-fetch-dest": "document", ...init.headers };
  return { ...init, headers };
}

/** Of what went wrong, the system's own name: the rest may hold an address with its query. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? ` (${code})` : "";
}
