import type { AuthKit } from "./authkit.js";
import { type Answer, type Browser, codeOf, type Sent } from "./browser.js";
import type { Truth } from "./completion-api.js";
import { readConfirmation, toPost } from "./confirmation.js";
import { pause } from "./crowd.js";
import { drawFault } from "./faults.js";
import { Jar } from "./jar.js";
import { newPerson, shownOf } from "./people.js";
import type { Person } from "./person.js";
import type { Random } from "./random.js";
import type { Secrets } from "./secrets.js";

/** What a login is run with. */
export interface Surroundings {
  readonly browser: Browser;
  readonly authkit: AuthKit;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly isCareful: boolean;
}

/** What became of one login. */
export interface LoginEnd {
  readonly faults: number;
  /** How often its owner opened it. */
  readonly visits: number;
  readonly fate: "completed" | "lost by a fault" | "lost otherwise";
  /** A second address, or a call after AuthKit had acted that nobody but the program asked for. */
  readonly wasTwice: boolean;
  /** How often somebody came out as somebody else, or with somebody else's login. */
  readonly mixedUp: number;
}

/** What happens between the user and the application. */
interface Mishap {
  /** Milliseconds after which the user goes away, to come back; what they asked for goes on. */
  readonly patience?: number;
  /** The answer that leads to AuthKit never arrives. */
  readonly isCutOff?: boolean;
}

function drawMishap(random: Random): Mishap {
  return random.pick<Mishap>([
    { patience: random.between(5, 1_000) },
    { isCutOff: true },
    ...Array.from({ length: 6 }, () => ({})),
  ]);
}

/** How often somebody opens a login at most; with the faults that it can have, none needs more. */
const MAX_VISITS = 8;

/** How long an application has AuthKit's address at hand for a user who comes again, in milliseconds. */
const REMEMBERED = 10_000;

/** How many pages in a row a browser follows. */
const MAX_HOPS = 8;

/** One login, with all who take part in it: people who click twice, reload, and go away too early. */
export class LoginRun {
  readonly #around: Surroundings;
  readonly #externalAuthId: string;
  /** When each request that could complete the login was over; those that were left go on without end. */
  readonly #ends: number[] = [];
  /** The first clicks of two, whose answers no browser shows. */
  readonly #left: Promise<unknown>[] = [];
  /** AuthKit's addresses that were handed out, also where nobody got there. */
  readonly #locations = new Set<string>();
  /** When somebody was let no further, by `performance.now`, and who. */
  readonly #refusals: { readonly userId: string; readonly at: number }[] = [];
  #hasArrived = false;
  #mixedUp = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#externalAuthId = around.secrets.add("external_auth_id", `ext_auth_${around.random.hex(26)}`);
  }

  async run(): Promise<LoginEnd> {
    const { random, secrets, authkit } = this.#around;
    const faults = Array.from({ length: random.pick([0, 1, 1, 2, 2]) }, () => drawFault(random));
    const truth = authkit.completions.expect(this.#externalAuthId, faults);
    const owner = newPerson(random, secrets);
    // Somebody else has the link, and a session of their own.
    const other = random.chance(0.1)
      ? this.#visit(newPerson(random, secrets), new Jar(secrets), random.branch("other"))
      : undefined;
    const [visits] = await Promise.all([this.#insist(owner, truth, other), other]);
    await Promise.all(this.#left);
    return {
      faults: faults.length,
      visits,
      fate: this.#fateOf(truth),
      wasTwice: this.#wasTwice(truth),
      mixedUp: this.#mixedUp,
    };
  }

  /** Somebody who tries until they are let on, or were told once more that there is nothing to be had. Gives how often. */
  async #insist(person: Person, truth: Truth, other: Promise<unknown> | undefined): Promise<number> {
    const { random: all, secrets } = this.#around;
    const jar = new Jar(secrets);
    for (let visits = 1; ; visits++) {
      const isOver = truth.actedAt !== undefined && visits > 1;
      const random = all.branch(`visit ${visits}`);
      const mishap = visits <= 2 ? drawMishap(random) : {};
      const clicks = random.chance(0.15) ? 2 : 1;
      const arrivals = await Promise.all(
        Array.from({ length: clicks }, (_, click) => this.#visit(person, jar, random.branch(click), mishap)),
      );
      const isDone = isOver && arrivals.includes("refused");
      if (arrivals.includes("at AuthKit") || isDone || visits === MAX_VISITS) return visits;
      await pause(random.between(50, 600));
      // As long as somebody else's completion is under way, the login is theirs.
      if (visits > 3) await other;
    }
  }

  /** One opening of the Login URI, until the browser is at AuthKit, nothing leads on, or the user is away. */
  async #visit(
    person: Person,
    jar: Jar,
    random: Random,
    { patience, isCutOff = false }: Mishap = {},
  ): Promise<"at AuthKit" | "refused" | "left"> {
    const { browser, secrets } = this.#around;
    if (random.chance(0.7)) jar.cookies.set("session", person.session);
    let next: Sent = { target: `/auth/login?external_auth_id=${this.#externalAuthId}` };
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const answer = await this.#send(next, person, jar, patience);
      if (answer === undefined) return "left";
      const { location } = answer;
      const page = readConfirmation(answer, secrets);
      if (browser.isAuthKit(location)) {
        if (isCutOff) return "left";
        this.#hasArrived = true;
        return "at AuthKit";
      }
      if (location?.pathname === "/sign-in") {
        jar.cookies.set("session", person.session);
        next = { target: location.searchParams.get("return_to") ?? "/" };
      } else if (location?.pathname === "/auth/login") {
        next = { target: location.pathname + location.search };
      } else if (page !== undefined) {
        if (!shownOf(person).every((text) => answer.body.includes(text))) this.#mixedUp += 1;
        next = toPost(page);
        if (random.chance(0.2)) this.#left.push(this.#send(next, person, jar, random.between(1, 100)));
      } else break;
    }
    this.#refusals.push({ userId: person.id, at: performance.now() });
    return "refused";
  }

  async #send(
    sent: Sent,
    person: Person,
    jar: Jar,
    patience: number | undefined,
  ): Promise<Answer | undefined> {
    const { browser, isCareful } = this.#around;
    // Where the user is asked, nothing but the page's post completes a login.
    const canComplete = !isCareful || sent.method === "POST";
    const request = canComplete ? this.#ends.push(Number.POSITIVE_INFINITY) - 1 : undefined;
    const answer = await browser.send({
      ...sent,
      headers: { ...sent.headers, cookie: jar.header },
      ...(patience === undefined ? {} : { patience }),
      allowed: (received) => this.#allowedIn(received, person),
    });
    if (answer === undefined) return undefined;
    if (request !== undefined) this.#ends[request] = performance.now();
    jar.keep(answer);
    if (answer.location !== undefined && browser.isAuthKit(answer.location))
      this.#land(answer.location, person);
    return answer;
  }

  /** AuthKit's own address has its code, the way back the id where nothing is parked, and the page that asks shows who it asks. */
  #allowedIn({ status, location }: Answer, person: Person): readonly string[] {
    const { browser, isCareful } = this.#around;
    if (browser.isAuthKit(location)) return [codeOf(location)];
    if (location?.pathname === "/sign-in") return isCareful ? [] : [this.#externalAuthId];
    return status === 200 ? shownOf(person) : [];
  }

  #land(location: URL, person: Person): void {
    this.#locations.add(location.href);
    const grant = this.#around.authkit.completions.grants.get(codeOf(location));
    if (grant?.externalAuthId !== this.#externalAuthId || grant.userId !== person.id) this.#mixedUp += 1;
  }

  #fateOf({ actedAt, actedFor, isDelivered }: Truth): LoginEnd["fate"] {
    if (this.#hasArrived) return "completed";
    if (actedAt === undefined) return "lost otherwise";
    const wasTurnedAway = this.#refusals.some(
      ({ userId, at }) => userId === actedFor && at > actedAt && at < actedAt + REMEMBERED,
    );
    return isDelivered && wasTurnedAway ? "lost otherwise" : "lost by a fault";
  }

  #wasTwice({ actedAt, callsAfter }: Truth): boolean {
    if (this.#locations.size > 1) return true;
    if (actedAt === undefined) return false;
    // Each request can lead to one call, and one of those that were over later made AuthKit act.
    return callsAfter > this.#ends.filter((end) => end > actedAt).length - 1;
  }
}
