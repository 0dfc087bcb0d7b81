import { type HTMLElement, parse } from "node-html-parser";
import { CookieJar } from "tough-cookie";

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Where a redirect leads, made absolute. */
  readonly location?: string;
}

/** Where the browser has come to rest. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly document: HTMLElement;
}

/** A browser without a screen: cookies, redirects and forms, and every exchange told as it happens. */
export class HttpBrowser {
  readonly #jar = new CookieJar();
  readonly #onExchange: (exchange: Exchange) => void;

  constructor(onExchange: (exchange: Exchange) => void = () => {}) {
    this.#onExchange = onExchange;
  }

  /** Opens an address and follows redirects, up to but not into an address that begins with `stopAt`. */
  async open(url: string, stopAt?: string): Promise<Page> {
    return this.#navigate(url, { method: "GET" }, stopAt);
  }

  /**
   * Fills in a page's form and sends it with the named button (`name=value`). With another `origin` it is as if a page
   * of another site had sent the same form.
   */
  async submit(
    page: Page,
    values: Record<string, string>,
    stopAt?: string,
    origin: string = new URL(page.url).origin,
  ): Promise<Page> {
    const form = page.document.querySelector("form:has(button):not([action='/sign-out'])");
    if (!form) throw new Error(`There is no form at ${new URL(page.url).pathname}.`);
    const body = new URLSearchParams(values);
    for (const hidden of form.querySelectorAll("input[type=hidden]")) {
      body.set(String(hidden.getAttribute("name")), hidden.getAttribute("value") ?? "");
    }
    const action = new URL(form.getAttribute("action") ?? page.url, page.url);
    return this.#navigate(action.href, { method: "POST", body, headers: { origin } }, stopAt);
  }

  async #navigate(url: string, init: RequestInit, stopAt: string | undefined): Promise<Page> {
    for (let hop = 0; hop < 20; hop++) {
      const cookie = await this.#jar.getCookieString(url);
      const response = await fetch(url, {
        ...init,
        redirect: "manual",
        headers: { ...(init.headers as Record<string, string>), ...(cookie === "" ? {} : { cookie }) },
      });
      for (const line of response.headers.getSetCookie()) await this.#jar.setCookie(line, url);
      const target = response.headers.get("location");
      const location = target === null ? {} : { location: new URL(target, url).href };
      this.#onExchange({ method: init.method ?? "GET", url, status: response.status, ...location });
      if (location.location === undefined) {
        return { url, status: response.status, document: parse(await response.text()) };
      }
      await response.body?.cancel();
      url = location.location;
      if (stopAt !== undefined && url.startsWith(stopAt))
        return { url, status: response.status, document: parse("") };
      init = { method: "GET" };
    }
    throw new Error("Too many redirects.");
  }
}
