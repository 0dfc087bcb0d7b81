import { type ConnectError, ERRORS } from "./errors.js";
import type { Challenge, LoginOutcome, ResourceOutcome, Unavailable } from "./outcome.js";

/** An HTTP answer as plain data: every framework can send it. Header names are lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
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
      return { status: 303, headers: { ...HANDOFF_HEADERS, location: outcome.location }, body: null };
    case "failure":
      return failurePage(outcome.error);
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
      return { status, headers: { ...headers, ...PUBLIC_HEADERS }, body: outcome.head ? null : body };
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
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
}

function unavailable(error: ConnectError): Reply {
  return json(error, { "retry-after": String(error.retryAfter ?? DEFAULT_RETRY_AFTER) });
}

function json(error: ConnectError, headers: Record<string, string>): Reply {
  return {
    status: error.status,
    headers: { "cache-control": "no-store", "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify({ error: error.code, error_description: ERRORS[error.code].message }),
  };
}

/** A person reads this one, so it says what to do and nothing of the inside. All of it is fixed text. */
function failurePage(error: ConnectError): Reply {
  const [title, advice] = error.retryable
    ? ["Signing in is not possible right now", "Please wait a moment, then reload this page."]
    : ["This sign-in link does not work", "Go back to the application you came from and start again."];
  return {
    status: error.status,
    headers: {
      ...HANDOFF_HEADERS,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      ...(error.code === "method_not_allowed" ? { allow: "GET" } : {}),
      ...(error.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) }),
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem; box-sizing: border-box }
main { max-width: 26rem } h1 { font-size: 1.25rem; margin: 0 0 .5rem } p { margin: 0; opacity: .75 }
</style>
<main><h1>${title}</h1><p>${advice}</p></main>
</html>
`,
  };
}
