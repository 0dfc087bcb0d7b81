import {
  bodyOf,
  HANDOFF_ATTACKS,
  type HandoffAttack,
  headerOf,
  leadsAway,
  MARKUP,
  type RawAnswer,
  sendRaw,
  writeVisit,
} from "@connect/adapter-contract/attack-list";
import { isLoopback, isSecure, parseUrl } from "../loopback.js";
import type { Attack } from "./attack.js";
import { type Finding, findingsOf, rule } from "./finding.js";
import { isUncached } from "./headers.js";
import { USE_ROUTE } from "./login-uri.js";
import { makeUpId } from "./made-up-id.js";
import type { Setup } from "./setup.js";
import { isBroken } from "./trouble.js";
import { isAnswered, judgeAttack, statusOf } from "./verdict.js";

const { ok, info, warning, failure } = findingsOf("handoff");

/** A visit without anything special about it, which the attacks are measured by. */
interface Plain {
  readonly signedOut: RawAnswer;
  /** As whom the attacks come: signed in where there is a cookie, else signed out. */
  readonly visitor: RawAnswer;
}

/**
 * Sends the Login URI what is no person's visit, and visits that are to be led elsewhere, each with an id of its own that is
 * made up: nothing can be completed. What the server does inside is not seen, so its answers are all that is judged.
 */
export async function attackHandoff(
  { isMine, cookie }: Pick<Attack, "isMine" | "cookie">,
  { authkitUrl, loginUri = "" }: Setup,
  progress: (text: string) => void,
): Promise<Finding[]> {
  const url = parseUrl(loginUri);
  if (url === undefined || !isSecure(url))
    return [leftOut("no address is known that is https or on this machine", "Set LOGIN_URI or APP_URL.")];
  if (!isMine && !isLoopback(url))
    return [leftOut("it is not on this machine", "If it is yours to attack, say --yes-it-is-mine.")];

  const visit = (as: string | undefined, attack?: HandoffAttack) => {
    const login = { loginUri: url, externalAuthId: makeUpId(), cookie: as, proof: "made-up" };
    // Undefined where nobody answers.
    return sendRaw(url.href, writeVisit(login, attack)).catch(() => undefined);
  };
  progress("Visiting the Login URI ...");
  const signedOut = await visit(undefined);
  if (signedOut === undefined)
    return [leftOut("it can't be reached", "Start the application, and look at APP_URL.")];
  if (!isServed(signedOut)) return [closed("A visit without a session", signedOut)];
  const visitor = cookie === undefined ? signedOut : await visit(cookie);
  if (!isAnswered(visitor) || isBrokenAnswer(visitor)) return [closed("A signed-in visit", visitor)];
  if (cookie !== undefined && isAlike(visitor, signedOut, url)) {
    const todo = "Copy the whole Cookie header of a signed-in browser's request to the Login URI's own host.";
    return [failure("cookie", "With the cookie on stdin nobody is signed in.", todo)];
  }

  const judgeVisit = createJudge(url, parseUrl(authkitUrl ?? "")?.origin, { signedOut, visitor });
  const findings = judgeVisit(PLAIN_VISIT, visitor);
  let held = 0;
  for (const [at, attack] of HANDOFF_ATTACKS.entries()) {
    progress(`Attacking the Login URI, ${at + 1} of ${HANDOFF_ATTACKS.length} ...`);
    const answer = await visit(cookie, attack);
    const { what, expected } = attack;
    const { findings: faults, isLast } = await judgeAttack(
      answer,
      {
        what,
        mayHangUp: expected === "harmless" || expected === "unmoved or refused",
        judge: (judged) => judgeVisit(attack, judged),
      },
      { subject: "handoff", sendPlain: () => visit(cookie) },
    );
    findings.push(...faults);
    if (faults.length === 0) held += 1;
    if (isLast) return findings;
  }
  return [
    ...findings,
    held === HANDOFF_ATTACKS.length
      ? ok(
          "held",
          `${held} bad visits to the Login URI: none was served or led elsewhere, and nothing broke.`,
        )
      : info("held", `${held} of ${HANDOFF_ATTACKS.length} bad visits to the Login URI changed nothing.`),
    cookie === undefined
      ? info("no-cookie", "Nobody was signed in: give a session's Cookie header with --with-cookie.")
      : judgeConfirm(await visit(cookie, LURED_VISIT)),
  ];
}

function closed(what: string, answer: RawAnswer | undefined): Finding {
  return failure(
    "closed",
    `${what} is answered with ${statusOf(answer)}: attacks would show nothing.`,
    "Look at LOGIN_URI and APP_URL, and at the application's log.",
  );
}

function leftOut(why: string, todo: string): Finding {
  return info("left-out", `The Login URI was not attacked: ${why}.`, todo);
}

const PLAIN_VISIT: HandoffAttack = { what: "a visit", expected: "unmoved", write: () => ({}) };

/** As a browser follows a link on somebody else's page. */
const LURED_VISIT: HandoffAttack = {
  what: "a visit from another site",
  expected: "unmoved",
  write: () => ({
    headers: ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
  }),
};

/** What is wrong with an answer. */
function createJudge(url: URL, authkit: string | undefined, { signedOut, visitor }: Plain) {
  return ({ what, expected, isOfNoBrowser }: HandoffAttack, answer: RawAnswer): Finding[] => {
    const status = statusOf(answer);
    if (isBrokenAnswer(answer) && expected !== "harmless")
      return [failure("broken", `Answered with ${status}: ${what}.`, "Look at the application's log.")];
    const location = headerOf(answer, "location") ?? "";
    if (leadsAway(location, url))
      return [
        isOfNoBrowser
          ? warning("led-away", `Led to another site, as no browser can be: ${what}.`, NORMALISE)
          : failure("led-away", `Led to another site: ${what}.`, USE_OWN_ADDRESSES),
      ];
    if (isAt(authkit, location) && !isAlike(answer, signedOut, url))
      return [failure("completed", `A made-up id went on to AuthKit: ${what}.`, USE_ROUTE)];
    if (hasMarkup(answer))
      return [
        failure("markup", `A stranger's markup is on the page: ${what}.`, "Leave the id off the page."),
      ];
    if (!isServed(answer)) return [];

    const isVisit = isAlike(answer, visitor, url);
    if (expected === "refused" || (expected === "harmless" && isVisit && location !== ""))
      return [failure("served", `Served like a visit, with ${status}: ${what}.`, USE_ROUTE)];
    if (expected === "unmoved" && !isVisit)
      return [failure("moved", `Answered otherwise than without it: ${what}.`, USE_OWN_ADDRESSES)];
    if (expected === "unmoved" && !isKeptOut(answer) && (what === PLAIN_VISIT.what || isKeptOut(visitor)))
      return [failure("no-store", `The answer may be cached: ${what}.`, USE_ROUTE)];
    return [];
  };
}

const USE_OWN_ADDRESSES =
  "Make addresses of paths, or of your configuration: never of what a request says. Look at the proxy, too.";

const NORMALISE =
  "Some frameworks do so by themselves (Next.js): have a proxy in front that passes on paths, and caches nothing of this.";

/** Whether somebody who is signed in, and follows a link of somebody else's, is asked. */
function judgeConfirm(answer: RawAnswer | undefined): Finding {
  if (!isAnswered(answer) || isBrokenAnswer(answer))
    return closed("A signed-in visit from another site", answer);
  return rule(
    answer?.statuses[0] === 200 && /<form\b/i.test(bodyOf(answer)),
    ok("confirm", "Who is signed in is asked before a login goes on."),
    warning(
      "confirm",
      "Who is signed in is not asked: a login that somebody else began, and lured them into, goes on without a word.",
      "Give loginRoute confirm: true where that would be costly; the route then takes GET and POST.",
    ),
  );
}

function isServed({ statuses }: RawAnswer): boolean {
  return statuses.some((status) => status >= 200 && status < 400);
}

function isBrokenAnswer({ statuses }: RawAnswer): boolean {
  return statuses.some(isBroken);
}

function isKeptOut(answer: RawAnswer): boolean {
  return isUncached(headerOf(answer, "cache-control"));
}

/** Only where a browser may take the answer for a page. */
function hasMarkup(answer: RawAnswer): boolean {
  const type = headerOf(answer, "content-type") ?? "";
  return bodyOf(answer).includes(MARKUP) && !/^(application\/json|text\/plain)\b/.test(type);
}

function isAt(origin: string | undefined, location: string): boolean {
  return URL.canParse(location) && new URL(location).origin === origin;
}

/** The same status, and the same address or page: ids and handles differ from one visit to the next. */
function isAlike(one: RawAnswer, other: RawAnswer, url: URL): boolean {
  return statusOf(one) === statusOf(other) && placeOf(one, url) === placeOf(other, url);
}

function placeOf(answer: RawAnswer, url: URL): string {
  const location = headerOf(answer, "location");
  if (location === undefined || !URL.canParse(location, url))
    return /<title>([^<]*)/.exec(bodyOf(answer))?.[1] ?? "";
  const { origin, pathname, searchParams } = new URL(location, url);
  return [origin + pathname, ...new Set(searchParams.keys())].join(" ");
}
