import { REDIS_SERVER, type RedisServer, startRedis } from "@connect/adapter-contract/redis-server";
import type * as oauth from "openid-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type CompletionTap, startCompletionTap } from "../src/completion-tap.js";
import { type Guarded, launchGuarded } from "../src/guarded.js";
import { redirectUri } from "../src/launch.js";
import { begin, discover, redeem, Visitor } from "../src/story.js";

/** What AuthKit answered to each completion call, as it passed the tap. */
const statuses: number[] = [];

describe.skipIf(REDIS_SERVER === undefined)("two processes behind one address, and one Redis", () => {
  let redis: RedisServer;
  let tap: CompletionTap;
  let guarded: Guarded;
  let config: oauth.Configuration;

  beforeAll(async () => {
    redis = await startRedis();
    tap = await startCompletionTap(({ status }) => statuses.push(status));
    await launchBoth();
  });
  afterAll(async () => {
    await guarded?.close();
    await tap?.close();
    await redis?.close();
  });
  beforeEach(() => {
    statuses.length = 0;
    tap.hold = {};
  });

  async function launchBoth(): Promise<void> {
    guarded = await launchGuarded({
      count: 2,
      defences: { redis: redis.path, timeout: 1_000 },
      apiUrl(authkitUrl) {
        tap.target = authkitUrl;
        return tap.url;
      },
    });
    config = await discover(guarded.authkit.issuer);
  }

  /** A login of Ada's, up to its Login URI, with what each process answers there. */
  async function arrive() {
    const visitor = new Visitor();
    const begun = await begin(config);
    const signInPage = await visitor.start(begun);
    const loginPath = String(new URL(signInPage.url).searchParams.get("return_to"));
    const session = await sessionOf(signInPage.url);
    const headers = { cookie: session };
    return {
      visitor,
      begun,
      at: (process: number) =>
        fetch(`${guarded.processes[process]?.url}${loginPath}`, { headers, redirect: "manual" }),
      /** Goes on in the browser that began, from where a process sent it. */
      async finish(location: string | null) {
        const page = await visitor.browser.open(String(location), redirectUri);
        // Consent that was given before is not asked for again.
        const callback = page.url.startsWith(redirectUri) ? page : await visitor.allow(page);
        return redeem(config, callback.url, begun);
      },
    };
  }

  /** Ada's session cookie, good at both processes. */
  async function sessionOf(pageUrl: string): Promise<string> {
    const response = await fetch(new URL("/sign-in", pageUrl), {
      method: "POST",
      redirect: "manual",
      headers: {
        origin: new URL(pageUrl).origin,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ email: "ada@example.com", password: "ada-password" }),
    });
    expect(response.status).toBe(303);
    return String(response.headers.getSetCookie()[0]).split(";", 1)[0] ?? "";
  }

  it("complete a login once that both are asked for at the same time, and both send the browser on", async () => {
    const login = await arrive();
    const answers = await Promise.all([login.at(0), login.at(1), login.at(0), login.at(1)]);
    const locations = answers.map(({ headers }) => headers.get("location"));
    expect(new Set(locations).size).toBe(1);
    expect(statuses).toEqual([200]);
    const tokens = await login.finish(locations[0] ?? null);
    expect(tokens.claims()?.email).toBe("ada@example.com");
  });

  it("send the browser where it was to go, where the first answer never arrived", async () => {
    const login = await arrive();
    const lost = await login.at(0);
    const again = await login.at(1);
    expect(again.headers.get("location")).toBe(lost.headers.get("location"));
    expect(statuses).toEqual([200]);
  });

  it("go on without Redis, complete nothing twice, and share again when it is back", async () => {
    await redis.stop();
    const alone = await arrive();
    const answers = await Promise.all([alone.at(0), alone.at(1)]);
    // AuthKit lets one of the two complete it; the other ends on the fallback page.
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(statuses.toSorted()).toEqual([200, 400]);
    const locations = answers.map(({ headers }) => String(headers.get("location")));
    expect(locations).toContain("/");
    const tokens = await alone.finish(locations.find((location) => location !== "/") ?? null);
    expect(tokens.claims()?.email).toBe("ada@example.com");

    await redis.start();
    await vi.waitFor(
      async () => {
        statuses.length = 0;
        const together = await arrive();
        await Promise.all([together.at(0), together.at(1)]);
        expect(statuses).toEqual([200]);
      },
      { timeout: 60_000 },
    );
  });

  describe("of which one is killed in the middle of a login", () => {
    afterEach(async () => {
      await guarded.close();
      await launchBoth();
    });

    it("save a login whose process was killed before AuthKit was told", async () => {
      const login = await arrive();
      const killed = holdOnce("before", () => guarded.processes[0]?.kill());
      const broken = login.at(0).catch(() => "broken");
      await killed;
      expect(await broken).toBe("broken");
      // Nobody else takes it up while it may still be under way; then the other process does.
      const saved = await login.at(1);
      const tokens = await login.finish(saved.headers.get("location"));
      expect(tokens.claims()?.email).toBe("ada@example.com");
    });

    it("say that nobody knows, where the process was killed after AuthKit had acted", async () => {
      const login = await arrive();
      const killed = holdOnce("after", () => guarded.processes[0]?.kill());
      const broken = login.at(0).catch(() => "broken");
      await killed;
      expect(await broken).toBe("broken");
      const unknown = await login.at(1);
      expect(unknown.status).toBe(502);
      expect(await unknown.text()).toContain("start again");
      expect(guarded.processes[1]?.log()).toContain("completion_outcome_unknown");
    });
  });

  /** Stops the next call at the tap, does something, and lets it go. */
  function holdOnce(when: "before" | "after", act: () => Promise<void> | undefined): Promise<void> {
    return new Promise((resolve) => {
      tap.hold = {
        [when]: async () => {
          tap.hold = {};
          await act();
          resolve();
          // Nobody is left who waits for it. What was held before AuthKit never gets there.
          return when === "after";
        },
      };
    });
  }
});
