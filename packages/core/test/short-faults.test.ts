import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLogin, memoryStore } from "../src/index.js";
import { ADA, API_KEY, AUTHKIT_URL } from "./support/authkit.js";
import { type Fault, type FaultServer, startFaultServer } from "./support/fault-server.js";
import { request } from "./support/requests.js";
import { holdTime, skipPauses } from "./support/time.js";

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

describe("a mix of short faults", () => {
  const acts = fc.boolean();
  const says = (status: number, headers = {}): Fault => ({ is: "says", status, headers });
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    fc.constantFrom<Fault>({ is: "refused" }, { is: "unresolved" }, { is: "unread" }),
    fc.record({
      is: fc.constantFrom("reset", "truncated", "silent", "stalled"),
      acts,
    }) as fc.Arbitrary<Fault>,
    fc.constantFrom(429, 503).map((status) => says(status)),
    fc.constantFrom(429, 503).map((status) => says(status, { "retry-after": "2" })),
    fc.constantFrom(429, 503).map((status) => says(status, { "retry-after": "60" })),
    fc.record({
      is: fc.constant("says"),
      status: fc.constantFrom(500, 502, 504),
      acts,
    }) as fc.Arbitrary<Fault>,
    fc.record({ is: fc.constant("says"), status: fc.constantFrom(200, 301), acts }) as fc.Arbitrary<Fault>,
  );

  /** Whether a try that meets this fault may be followed by another in the same visit. */
  const isHarmless = (fault: Fault) =>
    fault.is === "refused" ||
    fault.is === "unresolved" ||
    (fault.is === "says" && (fault.status === 429 || fault.status === 503));

  it("loses no login that can be saved, and never tries again where AuthKit may have acted", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    server.onSilence = holdTime();
    skipPauses(125, 500, 2_000);
    const store = memoryStore();
    // Two processes, so that a reload may come to the other one.
    const config = {
      apiKey: API_KEY,
      authkitUrl: AUTHKIT_URL,
      apiUrl: server.url,
      fetch: server.fetch,
      store,
    };
    const [one, other] = [createLogin(config), createLogin(config)];
    const ends = { completed: 0, unknown: 0 };
    let count = 0;

    const visits = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 8 }), visits, async (faults, toOther) => {
        const id = `login_${++count}`;
        server.faults.push(...faults);
        const ended: string[] = [];
        // Each fault is over after a visit at most, so that the last one finds AuthKit well.
        for (const isOther of toOther) {
          const before = server.faults.length;
          const visit = request(`/auth/login?external_auth_id=${id}`);
          const outcome = await (isOther ? other : one).handle(visit, () => ADA, { signInUrl: "/sign-in" });
          const met = faults.slice(faults.length - before, faults.length - server.faults.length);
          expect(met.slice(0, -1).filter((fault) => !isHarmless(fault))).toEqual([]);
          ended.push(outcome.type === "failure" ? outcome.error.code : outcome.type);
          if (outcome.type === "redirect") break;
        }
        expect(server.completed.has(id)).toBe(true);
        // What the user reads is never "completed before" where that was this very login.
        const isLost = faults.some((fault) => "acts" in fault && fault.acts === true);
        expect(ended.at(-1)).toBe(isLost ? "completion_outcome_unknown" : "redirect");
        ends[isLost ? "unknown" : "completed"]++;
      }),
      { numRuns: 200, seed: 20260801 },
    );
    await turn();
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    // The mix has both in it.
    expect(ends.completed).toBeGreaterThan(50);
    expect(ends.unknown).toBeGreaterThan(20);
  });
});
