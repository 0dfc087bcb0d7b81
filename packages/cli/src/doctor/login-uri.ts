import { type Answer, ask, NoAnswer } from "../http.js";
import { hasCredentials, isSecure, parseUrl } from "../loopback.js";
import { type Finding, findingsOf, rule } from "./finding.js";
import { isUncached, isUnreferred } from "./headers.js";
import { makeUpId } from "./made-up-id.js";
import type { Setup } from "./setup.js";
import { answerOrTrouble, Trouble } from "./trouble.js";

const { ok, warning, failure } = findingsOf("login-uri");

/** Asks the Login URI as AuthKit sends browsers there, with a made-up id and without a session: nothing can be completed. */
export async function checkLoginUri({ loginUri }: Setup): Promise<Finding[]> {
  if (loginUri === undefined) return [];
  const url = parseUrl(loginUri);
  if (url === undefined) {
    return [
      failure(
        "form",
        "The Login URI is no http or https address.",
        "Write it as https://..., and on this machine as http://localhost:<port>/....",
      ),
    ];
  }
  if (!isSecure(url)) {
    return [
      failure(
        "form",
        "The Login URI is neither https nor on this machine.",
        "Serve it by https: the id in it is worth a login.",
      ),
    ];
  }
  if (hasCredentials(url)) return [failure("form", "The Login URI holds credentials.", "Leave them out.")];
  const withId = new URL(url);
  withId.searchParams.set("external_auth_id", makeUpId());
  const answer = await ask(withId.href);
  const visit = answerOrTrouble(answer);
  if (visit instanceof Trouble) {
    return [
      answer instanceof NoAnswer
        ? failure("reachable", `A visit to ${loginUri} ${visit.seen}.`, visit.todo)
        : failure("answer", `A visit to it with a made-up id ${visit.seen}.`, visit.todo),
    ];
  }
  const reached = checkVisit(visit, url);
  if (reached.status === "failure") return [reached];

  const visitAs = async (as: Parameters<typeof ask>[1]) => answerOrTrouble(await ask(withId.href, as));
  const withoutId = answerOrTrouble(await ask(url.href));
  const head = await visitAs({ method: "HEAD" });
  const embedded = await visitAs({ headers: { "sec-fetch-dest": "iframe" } });
  const prefetched = await visitAs({ headers: { "sec-purpose": "prefetch" } });
  return [
    reached,
    ...(await checkSignIn(visit, withId)),
    rule(
      isUncached(visit.headers.get("cache-control")),
      ok("no-store", "Its answers are kept by no cache."),
      failure("no-store", "Its answer may be cached: Cache-Control has no no-store.", USE_ROUTE),
    ),
    rule(
      isUnreferred(visit.headers.get("referrer-policy")),
      ok("no-referrer", "Its address, with the id in it, is passed on to nobody."),
      failure("no-referrer", "Its address is passed on: Referrer-Policy is not no-referrer.", USE_ROUTE),
    ),
    judgeRefusal(
      "head",
      head,
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
    judgeWithoutId(withoutId),
  ];
}

/** What to do where the Login URI answers otherwise than Connect does. */
export const USE_ROUTE =
  "Answer with loginRoute of your framework's package, and look for a proxy that changes headers.";

function checkVisit({ status, headers }: Answer, url: URL): Finding {
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
  if (status === 401 || status === 403) {
    return failure(
      "answer",
      `A visitor without a session is answered with ${status}.`,
      "They must get to your sign-in page: look at signInUrl, and for a gate in front (middleware, a protected preview).",
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

/** What must be refused. Connect says 405; any other refusal spends nothing either. */
function judgeRefusal(check: string, answer: Answer | Trouble, good: string, bad: string): Finding {
  if (answer instanceof Trouble) return failure(check, `A request of it ${answer.seen}.`, answer.todo);
  return rule(answer.status >= 400, ok(check, good), failure(check, bad, USE_ROUTE));
}

function judgeWithoutId(answer: Answer | Trouble): Finding {
  if (answer instanceof Trouble)
    return warning("without-id", `Without an id it ${answer.seen}.`, answer.todo);
  return rule(
    answer.status === 400,
    ok("without-id", "Without an id it says that the link does not work."),
    warning(
      "without-id",
      `Without an id it is answered with ${answer.status}, not 400: a wrong Login URI in the dashboard goes unnoticed.`,
      USE_ROUTE,
    ),
  );
}

/** Whether the page that a visitor without a session is sent to is there. */
async function checkSignIn({ status, headers }: Answer, url: URL): Promise<Finding[]> {
  const target = parseTarget(headers.get("location") ?? "", url);
  if (status < 300 || status >= 400 || target?.origin !== url.origin) return [];
  const page = answerOrTrouble(await ask(target.href));
  const subject = `A request for the page that visitors are sent to, ${target.pathname},`;
  if (page instanceof Trouble) return [warning("sign-in", `${subject} ${page.seen}.`, page.todo)];
  if (page.status !== 404) return [];
  const todo = "Give loginRoute the sign-in page that you have: signInUrl.";
  return [warning("sign-in", `${subject} is answered with 404.`, todo)];
}

function parseTarget(location: string, base: URL): URL | undefined {
  return URL.canParse(location, base) ? new URL(location, base) : undefined;
}

/** The same page under another scheme or host, or with or without a slash at its end. */
function isMoved(from: URL, to: URL): boolean {
  return from.pathname.replace(/\/$/, "") === to.pathname.replace(/\/$/, "");
}
