import type { ConnectError } from "./errors.js";
import type {
  Challenge,
  HandoffCookie,
  LoginConfirmation,
  LoginFailure,
  LoginOutcome,
  ResourceOutcome,
  Unavailable,
} from "./outcome.js";
import { escapeHtml, toPage } from "./page.js";

/** An HTTP answer as plain data: every framework can send it. Header names are lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The values of as many `Set-Cookie` headers, which can't be joined in one; absent where there are none. */
  readonly cookies?: readonly string[];
  readonly body: string | null;
}

/** Every answer of the handoff concerns one person and one moment: not kept, not indexed, its address not passed on. */
const HANDOFF_HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
} as const;

/** What a protected resource publishes is for every client, and for those that run on other sites too. */
const PUBLIC_HEADERS = { "access-control-allow-origin": "*" } as const;

const METADATA_METHODS = "GET, HEAD, OPTIONS";

/** How long a client waits before it asks again when nothing better is known, in seconds. */
const DEFAULT_RETRY_AFTER = 5;

/** The HTTP answer for an outcome. An authorized request has none: it is the application's to answer. */
export function toReply(outcome: LoginOutcome | Challenge | Unavailable | ResourceOutcome): Reply {
  switch (outcome.type) {
    case "redirect":
      // 303: the browser goes on with GET, also where the application's page in between was a form post.
      return {
        status: 303,
        headers: { ...HANDOFF_HEADERS, location: outcome.location },
        ...withCookies(outcome),
        body: null,
      };
    case "confirmation":
      return confirmationPage(outcome);
    case "failure":
      return failurePage(outcome);
    case "challenge":
      return json(outcome.error, { "www-authenticate": outcome.challenge });
    case "unavailable":
      return unavailable(outcome.error);
    case "metadata":
      return {
        status: 200,
        headers: {
          ...PUBLIC_HEADERS,
          "cache-control": "public, max-age=300",
          "content-type": "application/json; charset=utf-8",
        },
        body: outcome.head ? null : outcome.json,
      };
    case "metadata_unavailable": {
      const { status, headers, body } = unavailable(outcome.error);
      return {
        status,
        headers: { ...headers, ...PUBLIC_HEADERS },
        body: outcome.head ? null : body,
      };
    }
    case "preflight":
      return {
        status: 204,
        headers: {
          ...PUBLIC_HEADERS,
          "access-control-allow-methods": METADATA_METHODS,
          // MCP clients name the protocol's version in a header of its own.
          "access-control-allow-headers": "*",
          allow: METADATA_METHODS,
        },
        body: null,
      };
    case "wrong_method":
      return {
        status: 405,
        headers: { ...PUBLIC_HEADERS, "cache-control": "no-store", allow: METADATA_METHODS },
        body: null,
      };
  }
}

/** The web-standard response for a reply. */
export function toResponse(reply: Reply): Response {
  const headers = new Headers(reply.headers);
  for (const cookie of reply.cookies ?? []) headers.append("set-cookie", cookie);
  return new Response(reply.body, { status: reply.status, headers });
}

function unavailable(error: ConnectError): Reply {
  return json(error, { "retry-after": String(error.retryAfter ?? DEFAULT_RETRY_AFTER) });
}

function json(error: ConnectError, headers: Record<string, string>): Reply {
  return {
    status: error.status,
    headers: { "cache-control": "no-store", "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify({ error: error.code, error_description: error.description }),
  };
}

function withCookies({ cookies }: { readonly cookies?: readonly HandoffCookie[] }): Pick<Reply, "cookies"> {
  if (cookies === undefined) return {};
  return {
    cookies: cookies.map(
      ({ name, value, maxAge }) =>
        `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ),
  };
}

/**
 * A page of the handoff loads nothing and runs nothing, and no other page shows it in a frame. A function, so that bundles
 * without pages leave it out.
 */
const pageHeaders = () => ({
  ...HANDOFF_HEADERS,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "x-frame-options": "DENY",
});

/**
 * Who is signed in comes from the application, and is the only thing on the page that isn't fixed text. There is no
 * `form-action` in the policy: Chromium applies it to the redirects that follow, and they lead to any client's site.
 */
function confirmationPage(outcome: LoginConfirmation): Reply {
  const { user, form, html } = outcome;
  const rest = { status: 200, ...withCookies(outcome) };
  if (html !== undefined) {
    // The application's page may load what it needs.
    const headers = {
      ...pageHeaders(),
      "content-security-policy": "base-uri 'none'; frame-ancestors 'none'",
    };
    return { ...rest, headers, body: html };
  }
  const who = user.name === undefined ? "" : `<strong>${escapeHtml(user.name)}</strong><br>`;
  const body = toPage(
    "Continue with this account?",
    `<p>An application asks to know who you are. You are signed in here as</p>
<p>${who}${escapeHtml(user.email)}</p>
<form method="post" action="${escapeHtml(form.action)}">
<input type="hidden" name="proof" value="${escapeHtml(form.proof)}">
<button name="answer" value="continue">Continue</button>
<button name="answer" value="switch">Not you? Use another account</button>
<button name="answer" value="deny">I did not start this</button>
</form>`,
  );
  return { ...rest, headers: pageHeaders(), body };
}

/** A person reads this one, so it says what to do and nothing of the inside. All of it is fixed text. */
function failurePage(outcome: LoginFailure): Reply {
  const { error } = outcome;
  const [title, advice] = adviceFor(error);
  return {
    status: error.status,
    headers: {
      ...pageHeaders(),
      ...(outcome.allow === undefined ? {} : { allow: outcome.allow }),
      ...(error.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) }),
    },
    ...withCookies(outcome),
    body: toPage(title, `<p>${advice}</p>`),
  };
}

const START_AGAIN = "Go back to the application you came from and start again.";

function adviceFor({ code, retryable }: ConnectError): readonly [title: string, advice: string] {
  if (code === "access_denied") {
    return ["Nothing was shared", "You said that you did not start this. You can close this page."];
  }
  if (code === "completion_outcome_unknown") return ["Signing in was interrupted", START_AGAIN];
  return retryable
    ? ["Signing in is not possible right now", "Please wait a moment, then reload this page."]
    : ["This sign-in link does not work", START_AGAIN];
}
