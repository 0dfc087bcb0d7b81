import { type Completion, createLogin, type Fetch, type Login, type LoginConfig } from "../../src/index.js";

export const API_KEY = "sk_test_KEY-THAT-NOBODY-MAY-SEE";
export const AUTHKIT_URL = "https://auth.example.com";
export const REDIRECT_URI = `${AUTHKIT_URL}/oauth2/authorize/complete?state=s1`;

/** The least that completes a login. */
export const ADA: Completion = { user: { id: "user_1", email: "ada@example.com" } };

/** One request as it went over the wire. */
export interface Call {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: unknown;
  readonly redirect: RequestRedirect | undefined;
}

/** The completion API as a `fetch` that gives one answer and remembers what it was sent, and a login that uses it. */
export function createAuthkit(
  answer: () => Response | Promise<Response> = () => Response.json({ redirect_uri: REDIRECT_URI }),
  config: Partial<LoginConfig> = {},
): { readonly login: Login; readonly calls: readonly Call[] } {
  const calls: Call[] = [];
  const fetch: Fetch = async (url, init = {}) => {
    const { method, redirect } = init;
    calls.push({
      url,
      method,
      redirect,
      headers: new Headers(init.headers),
      body: JSON.parse(String(init.body)),
    });
    return answer();
  };
  return { calls, login: createLogin({ apiKey: API_KEY, authkitUrl: AUTHKIT_URL, fetch, ...config }) };
}
