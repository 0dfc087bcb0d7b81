import { type Answer, ask } from "../http.js";
import { isSecure, parseUrl } from "../loopback.js";
import { type Finding, findingsOf, rule } from "./finding.js";
import { makeUpId } from "./made-up-id.js";
import type { Setup } from "./setup.js";

const { ok, warning, failure } = findingsOf("login-uri");

/** Asks the Login URI as AuthKit sends browsers there, with a made-up id and without a session: nothing can be completed. */
export async function checkLoginUri({ loginUri }: Setup): Promise<Finding[]> {
  if (loginUri === undefined) return [];
  const url = parseUrl(loginUri);
  if (url === undefined) return [failure("form", "The Login URI is no address.", "Write it as https://...")];
  if (!isSecure(url)) {
    return [
      failure(
        "form",
        "The Login URI is neither https nor on this machine.",
        "Serve it by https: the id in it is worth a login.",
      ),
    ];
  }
  const withId = new URL(url);
  withId.searchParams.set("external_auth_id", makeUpId());
  const visit = await ask(withId.href);
  if (typeof visit === "string") {
    return [
      failure(
        "reachable",
        `${loginUri} can't be reached: ${visit}.`,
        "Start the application, and look at APP_URL and at the port that it listens on.",
      ),
    ];
  }
  const reached = checkVisit(visit, url);
  if (reached.status === "failure") return [reached];

  const asked = { withoutId: await ask(url.href), head: await ask(withId.href, { method: "HEAD" }) };
  const embedded = await ask(withId.href, { headers: { "sec-fetch-dest": "iframe" } });
  const prefetched = await ask(withId.href, { headers: { "sec-purpose": "prefetch" } });
  return [
    reached,
    ...(await checkSignIn(visit, withId)),
    rule(
      /\bno-store\b/.test(visit.headers.get("cache-control") ?? ""),
      ok("no-store", "Its answers are kept by no cache."),
      failure("no-store", "Its answer may be cached: Cache-Control has no no-store.", USE_ROUTE),
    ),
    rule(
      /\bno-referrer\b/.test(visit.headers.get("referrer-policy") ?? ""),
      ok("no-referrer", "Its address, with the id in it, is passed on to nobody."),
      failure("no-referrer", "Its address is passed on: Referrer-Policy is not no-referrer.", USE_ROUTE),
    ),
    judgeRefusal(
      "head",
      asked.head,
      "HEAD spends nothing.",
      "HEAD is answered like GET: a link preview could spend a login.",
    ),
    judgeRefusal(
      "prefetch",
      prefetched,
      "A prefetch spends nothing.",
      "A prefetch is answered like a visit: it could spend a login.",
    ),
    judgeRefusal(
      "frame",
      embedded,
      "It is not served into a frame.",
      "It is served into a frame of another page.",
    ),
    rule(
      typeof asked.withoutId === "object" && asked.withoutId.status === 400,
      ok("without-id", "Without an id it says that the link does not work."),
      warning(
        "without-id",
        `Without an id it is answered with ${describe(asked.withoutId)}, not 400.`,
        "A wrong Login URI in the dashboard will go unnoticed.",
      ),
    ),
  ];
}

/** What to do where the Login URI answers otherwise than Connect does. */
export const USE_ROUTE =
  "Answer with loginRoute of your framework's package, and look for a proxy that changes headers.";

function checkVisit({ status, headers }: Answer, url: URL): Finding {
  if (status >= 500) {
    return failure(
      "answer",
      `A made-up id is answered with ${status}.`,
      "Look at the application's log: an unknown id is no fault of the application's.",
    );
  }
  const location = headers.get("location");
  const target = location === null ? undefined : parseTarget(location, url);
  if (
    target !== undefined &&
    target.origin + target.pathname !== url.origin + url.pathname &&
    isMoved(url, target)
  ) {
    return failure(
      "answer",
      "It redirects to another spelling of itself.",
      `Register ${target.origin}${target.pathname} as the Login URI.`,
    );
  }
  if (status === 404 || status === 405) {
    return failure(
      "answer",
      `It is answered with ${status}.`,
      "Look at the path: no Login URI is served there.",
    );
  }
  if (status < 300 || status >= 400) {
    return ok("answer", `A made-up id is answered with ${status}.`);
  }
  return target === undefined || target.origin === url.origin
    ? ok("answer", "A visitor without a session is sent to sign in.")
    : warning(
        "answer",
        `A visitor without a session is sent to another site, ${target.origin}.`,
        "Fine for a sign-in page of your own; else look at signInUrl.",
      );
}

/** What must be answered with 405. Where no answer came, nothing is shown either way. */
function judgeRefusal(check: string, answer: Answer | string, good: string, bad: string): Finding {
  if (typeof answer === "string") {
    return failure(check, `A request of it was not answered: ${answer}.`, "Look at the application's log.");
  }
  return rule(answer.status === 405, ok(check, good), failure(check, bad, USE_ROUTE));
}

/** Whether the page that a visitor without a session is sent to is there. */
async function checkSignIn({ status, headers }: Answer, url: URL): Promise<Finding[]> {
  const target = parseTarget(headers.get("location") ?? "", url);
  if (status < 300 || status >= 400 || target?.origin !== url.origin) return [];
  const page = await ask(target.href);
  if (typeof page === "object" && page.status !== 404 && page.status < 500) return [];
  return [
    warning(
      "sign-in",
      `The page that visitors are sent to, ${target.pathname}, is answered with ${describe(page)}.`,
      isStatus(page, 404)
        ? "Give loginRoute the sign-in page that you have: signInUrl."
        : "Look at the application's log.",
    ),
  ];
}

function parseTarget(location: string, base: URL): URL | undefined {
  return URL.canParse(location, base) ? new URL(location, base) : undefined;
}

/** The same page under another scheme or host, or with or without a slash at its end. */
function isMoved(from: URL, to: URL): boolean {
  return from.pathname.replace(/\/$/, "") === to.pathname.replace(/\/$/, "");
}

function isStatus(answer: Answer | string, status: number): boolean {
  return typeof answer === "object" && answer.status === status;
}

function describe(answer: Answer | string): string {
  return typeof answer === "string" ? `nothing (${answer})` : String(answer.status);
}
