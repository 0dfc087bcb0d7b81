import type { AuthKit } from "../authkit.js";
import type { Browser } from "../browser.js";
import type { Random } from "../random.js";
import type { Secrets } from "../secrets.js";
import type { Tally } from "./tally.js";

/** What bad inputs are thrown at, and what they are counted with. */
export interface Target {
  /** To the application that completes logins at once. */
  readonly plain: Browser;
  /** To the one that asks first, and parks logins. */
  readonly careful: Browser;
  readonly authkit: AuthKit;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly tally: Tally;
}

/** How many inputs are under way at a time. */
export const AT_ONCE = 16;
