import { expect, it } from "vitest";
import { runLogins } from "../src/logins.js";

it("logins one by one and many at once all succeed, and nothing of them stays longer than it lives", async () => {
  // Before anything is read, the log of AuthKit's dashboard is full.
  const plan = { warmUp: 200, oneByOne: 60, every: 60, atOnce: 50 };
  const { failures, growth, left } = await runLogins(plan);
  expect(failures).toEqual([]);
  const held = growth[0]?.objects ?? 0;
  // Sessions, refresh tokens and the like, which live for days.
  expect(held).toBeGreaterThan(10 * plan.oneByOne);
  expect(left.at(-1)?.objects).toBeLessThan(held / 10);
});
