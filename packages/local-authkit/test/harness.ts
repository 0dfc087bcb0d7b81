import { createHash, randomBytes } from "node:crypto";
import { type HTMLElement, parse } from "node-html-parser";
import { CookieJar } from "tough-cookie";
import { onTestFinished } from "vitest";

import type { LocalAuthKitOptions } from "../src/config.js";
import { type LocalAuthKit, type Ports, serve } from "../src/server.js";

export const LOGIN_URI = "http://app.test/auth/login?next=%2Fa%20b";
export const PARTNER = "client_local_partner";
export const PARTNER_SECRET = "partner_secret_local";
export const PARTNER_CALLBACK = "http://localhost:3001/callback";
export const PUBLIC = "client_local_public";
export const PUBLIC_CALLBACK = "http://localhost:6274/callback";

/** An AuthKit on a free port, to be closed by the caller. */
export function open(options: LocalAuthKitOptions = {}, ports?: Ports): Promise<LocalAuthKit> {
  return serve({ port: 0, loginUri: LOGIN_URI, ...options }, ports);
}

/** An AuthKit for one test. */
export async function start(options: LocalAuthKitOptions = {}, ports?: Ports): Promise<LocalAuthKit> {
  const authkit = await open(options, ports);
  onTestFinished(() => authkit.close());
  return authkit;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  location: string;
}

/** One browser: cookies by path, redirects by hand. */
export class Browser {
  readonly jar = new CookieJar(undefined, { rejectPublicSuffixes: false });

  async request(
    url: string | URL,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const target = String(url);
    const cookie = await this.jar.getCookieString(target);
    const response = await fetch(target, {
      redirect: "manual",
      ...init,
      headers: { ...init.headers, ...(cookie && { cookie }) },
    });
    for (const header of response.headers.getSetCookie()) await this.jar.setCookie(header, target);
    const location = response.headers.get("location");
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? "" : new URL(location, target).href,
    };
  }

  /** Follows redirects as long as they stay on the AuthKit. */
  async follow(authkit: LocalAuthKit, url: string | URL): Promise<Answer & { url: string }> {
    let current = String(url);
    for (let hops = 0; hops < 10; hops += 1) {
      const answer = await this.request(current);
      if (!answer.location.startsWith(`${authkit.url}/`)) return { ...answer, url: current };
      current = answer.location;
    }
    throw new Error("too many redirects");
  }

  /** Sends the form of a page, as pressing a button would. */
  async submit(
    authkit: LocalAuthKit,
    page: { text: string },
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { action, hidden } = readForm(page.text);
    return this.request(new URL(action, authkit.url), {
      method: "POST",
      body: new URLSearchParams({ ...hidden, ...fields }),
      headers,
    });
  }
}

export function readForm(html: string): {
  action: string;
  hidden: Record<string, string>;
  form: HTMLElement;
} {
  const form = parse(html).querySelector("form");
  if (!form) throw new Error(`no form in ${html.slice(0, 2000)}`);
  const hidden: Record<string, string> = {};
  for (const input of form.querySelectorAll('input[type="hidden"]')) {
    hidden[input.getAttribute("name") ?? ""] = input.getAttribute("value") ?? "";
  }
  return { action: form.getAttribute("action") ?? "", hidden, form };
}

export interface Request {
  url: string;
  clientId: string;
  redirectUri: string;
  verifier: string;
}

/** An authorization request. `undefined` leaves a parameter out. */
export function authorization(
  authkit: LocalAuthKit,
  changes: Record<string, string | undefined> = {},
): Request {
  const verifier = randomBytes(32).toString("base64url");
  const parameters: Record<string, string | undefined> = {
    response_type: "code",
    client_id: PARTNER,
    redirect_uri: changes.client_id === PUBLIC ? PUBLIC_CALLBACK : PARTNER_CALLBACK,
    scope: "openid profile email offline_access",
    state: "the state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...changes,
  };
  const url = new URL(`${authkit.url}/oauth2/authorize`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const { client_id = "", redirect_uri = "" } = parameters;
  return { url: url.href, clientId: client_id, redirectUri: redirect_uri, verifier };
}

export const ADA = {
  id: "app-1",
  email: "ada@example.com",
  first_name: "Ada",
  last_name: "Lovelace",
};
export const BOB = { id: "app-2", email: "bob@example.com", name: "Bob" };

export const TENANT = {
  claim: "urn:example:tenant",
  type: "enum",
  label: "Workspace",
  choices: [
    { group: "Production", choices: [{ value: "prod_us", label: "US" }] },
    { group: "Test", choices: [{ value: "test_us", label: "US test" }] },
  ],
};

export async function complete(
  authkit: LocalAuthKit,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; redirectUri: string; headers: Headers }> {
  const response = await fetch(`${authkit.url}/authkit/oauth2/complete`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${authkit.apiKey}`,
      "content-type": "application/json",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const json = await response.json();
  return {
    status: response.status,
    body: json,
    redirectUri: String(json.redirect_uri),
    headers: response.headers,
  };
}

/** Begins an authorization in a browser; gives the id that arrives at the Login URI. */
export async function begin(browser: Browser, request: Request): Promise<string> {
  const { location, status, text } = await browser.request(request.url);
  const id = location ? new URL(location).searchParams.get("external_auth_id") : null;
  if (id === null) throw new Error(`no visit of the Login URI: ${status} ${location} ${text.slice(0, 500)}`);
  return id;
}

/** Begins, completes and goes on: to the consent page, or to the application's callback. */
export async function signIn(
  authkit: LocalAuthKit,
  browser: Browser,
  request: Request,
  { user = ADA, options }: { user?: object; options?: object[] } = {},
) {
  const external_auth_id = await begin(browser, request);
  const { redirectUri } = await complete(authkit, {
    external_auth_id,
    user,
    ...(options && { user_consent_options: options }),
  });
  return browser.follow(authkit, redirectUri);
}

/** Answers the consent page, if there was one. Gives the way back to the application. */
export async function allow(
  authkit: LocalAuthKit,
  browser: Browser,
  page: { text: string; location: string },
  fields: Record<string, string> = {},
): Promise<URL> {
  if (page.location) return new URL(page.location);
  const answer = await browser.submit(authkit, page, { decision: "allow", ...fields });
  if (answer.status !== 303)
    throw new Error(`consent answered ${answer.status}: ${answer.text.slice(0, 3000)}`);
  return new URL((await browser.follow(authkit, answer.location)).location);
}

export async function post(
  authkit: LocalAuthKit,
  path: string,
  fields: Record<string, string>,
  headers = {},
) {
  const response = await fetch(`${authkit.url}${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** Exchanges a code, with the client's secret if it has one. */
export async function exchange(
  authkit: LocalAuthKit,
  request: Request,
  code: string | null,
  changes: Record<string, string> = {},
) {
  return post(authkit, "/oauth2/token", {
    grant_type: "authorization_code",
    code: code ?? "",
    redirect_uri: request.redirectUri,
    client_id: request.clientId,
    ...(request.clientId === PARTNER && { client_secret: PARTNER_SECRET }),
    code_verifier: request.verifier,
    ...changes,
  });
}

/** The whole way to tokens. */
export async function tokensFor(
  authkit: LocalAuthKit,
  changes: Record<string, string | undefined> = {},
  login: { user?: object; options?: object[]; choice?: string; browser?: Browser } = {},
) {
  const browser = login.browser ?? new Browser();
  const request = authorization(authkit, changes);
  const page = await signIn(authkit, browser, request, login);
  const callback = await allow(authkit, browser, page, {
    ...(login.choice !== undefined && { "option:0": login.choice }),
  });
  const answer = await exchange(authkit, request, callback.searchParams.get("code"));
  return { request, browser, ...answer };
}

export function decode(token: unknown): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = "", claims = ""] = String(token).split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { header: read(header), claims: read(claims) };
}
