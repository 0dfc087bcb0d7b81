import { Browser } from "./browser.js";
import { crowd } from "./crowd.js";
import { type LoginEnd, LoginRun, type Surroundings } from "./login-run.js";

/** What became of the logins of one application. */
export interface LoginFigures {
  readonly begun: number;
  /** Those that had a fault of their own. */
  readonly troubled: number;
  readonly completed: number;
  /** Of the troubled ones that were completed, those that were opened once: nobody noticed. */
  readonly unnoticed: number;
  /** AuthKit had acted, and its answer was lost on the way. */
  readonly lostByFault: number;
  readonly lostOtherwise: number;
  readonly twice: number;
  readonly mixedUp: number;
  /** Redirects that led neither to AuthKit nor to a page of the application's. */
  readonly astray: number;
  /** Requests that were answered. */
  readonly answers: number;
}

/** How many logins are under way at a time. */
const AT_ONCE = 64;

/** Runs so many logins with faults. */
export async function runLogins(
  count: number,
  appUrl: string,
  around: Omit<Surroundings, "browser">,
  onProgress: () => void,
): Promise<LoginFigures> {
  const { authkit, random, secrets } = around;
  const browser = new Browser(appUrl, authkit.url, secrets);
  const ends: LoginEnd[] = [];
  await crowd(count, AT_ONCE, async (index) => {
    ends.push(await new LoginRun({ ...around, browser, random: random.branch(index) }).run());
    onProgress();
  });
  browser.close();
  const troubled = ends.filter(({ faults }) => faults > 0);
  const countOf = (fate: string) => ends.filter((end) => end.fate === fate).length;
  return {
    begun: ends.length,
    troubled: troubled.length,
    completed: countOf("completed"),
    unnoticed: troubled.filter(({ fate, visits }) => fate === "completed" && visits === 1).length,
    lostByFault: countOf("lost by a fault"),
    lostOtherwise: countOf("lost otherwise"),
    twice: ends.filter(({ wasTwice }) => wasTwice).length,
    mixedUp: ends.reduce((sum, { mixedUp }) => sum + mixedUp, 0),
    astray: browser.astray,
    answers: browser.answered,
  };
}
