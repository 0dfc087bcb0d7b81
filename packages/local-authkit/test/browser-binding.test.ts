import { describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import {
  ADA,
  type Answer,
  allow,
  authorization,
  BOB,
  Browser,
  begin,
  complete,
  decode,
  exchange,
  PARTNER_CALLBACK,
  start,
} from "./harness.js";

async function handoff(authkit: LocalAuthKit, browser: Browser, user: object = ADA) {
  const request = authorization(authkit);
  const external_auth_id = await begin(browser, request);
  const { redirectUri } = await complete(authkit, { external_auth_id, user });
  return { request, external_auth_id, redirectUri };
}

function expectNoWayOn(answer: Answer) {
  expect(answer.status).toBe(400);
  expect(answer.location).toBe("");
  expect(answer.text).toContain("This sign-in has expired");
}

const sessionOf = async (authkit: LocalAuthKit, browser: Browser) =>
  (await browser.jar.getCookies(authkit.url)).find(({ key }) => key === "authkit_session");

describe("the way back from the Login URI", () => {
  it("hands over a cookie that only this way back gets", async () => {
    const authkit = await start({ externalAuthTtl: 120 });
    const { headers } = await new Browser().request(authorization(authkit).url);
    const cookie = headers.getSetCookie().find((header) => header.startsWith("authkit_external_auth_"));
    expect(cookie).toMatch(
      /^authkit_external_auth_[0-9a-f]{16}=[\w-]{43}; Max-Age=120; Path=\/oauth2\/authorize\/complete; HttpOnly; SameSite=Lax$/,
    );
  });

  it("is closed to a browser without the cookie: a victim who completed an attacker's login", async () => {
    const authkit = await start();
    const attacker = new Browser();
    const victim = new Browser();
    const { redirectUri } = await handoff(authkit, attacker);
    expectNoWayOn(await victim.request(redirectUri));
    expect(await sessionOf(authkit, victim)).toBeUndefined();
  });

  it("is closed to a browser with the cookie of another login", async () => {
    const authkit = await start();
    const victim = new Browser();
    await begin(victim, authorization(authkit));
    const { redirectUri } = await handoff(authkit, new Browser());
    expectNoWayOn(await victim.request(redirectUri));
    expect(await sessionOf(authkit, victim)).toBeUndefined();
  });

  it("is closed to a cookie of the right name and another value", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    const cookies = await browser.jar.getCookies(redirectUri);
    const name = cookies.find(({ key }) => key.startsWith("authkit_external_auth_"))?.key;
    expectNoWayOn(await new Browser().request(redirectUri, { headers: { cookie: `${name}=guess` } }));
  });

  it("is closed to who began the login but has no ticket: an attacker whose login a victim completed", async () => {
    const authkit = await start();
    const attacker = new Browser();
    const { external_auth_id, request } = await handoff(authkit, attacker);
    const guesses = [external_auth_id, external_auth_id.replace("ext_auth_", ""), "", "undefined"];
    for (const state of guesses) {
      const url = new URL(`${authkit.url}/oauth2/authorize/complete`);
      url.searchParams.set("state", state);
      url.searchParams.set("external_auth_id", external_auth_id);
      expectNoWayOn(await attacker.request(url));
    }
    expectNoWayOn(await attacker.request(`${authkit.url}/oauth2/authorize/complete`));

    // The interaction itself, which the attacker's cookies name: it only leads to the Login URI again.
    const cookies = await attacker.request(request.url);
    const uid = /authkit_resume=([^;]+)/.exec(cookies.headers.getSetCookie().join("; "))?.[1];
    const resumed = await attacker.request(`${authkit.url}/oauth2/authorize/${uid}`);
    expect(resumed.location).toContain("http://app.test/auth/login");
    expect(await sessionOf(authkit, attacker)).toBeUndefined();
  });

  it("does not resume the login that a victim completed either", async () => {
    const authkit = await start();
    const attacker = new Browser();
    const request = authorization(authkit);
    const began = await attacker.request(request.url);
    const uid = /authkit_resume=([^;]+)/.exec(began.headers.getSetCookie().join("; "))?.[1];
    const external_auth_id = new URL(began.location).searchParams.get("external_auth_id");
    const { redirectUri } = await complete(authkit, { external_auth_id, user: ADA });

    const resumed = await attacker.request(`${authkit.url}/oauth2/authorize/${uid}`);
    expect(resumed.location).toContain("http://app.test/auth/login");
    expect(await sessionOf(authkit, attacker)).toBeUndefined();
    // The ticket was for the interaction that is gone.
    expectNoWayOn(await attacker.request(redirectUri));
  });

  it("is still open to the right browser after a wrong one tried", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    expectNoWayOn(await new Browser().request(redirectUri));
    const page = await browser.follow(authkit, redirectUri);
    expect(page.text).toContain("Signed in as");
  });

  it("is used once", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    const cookies = await browser.jar.getCookieString(redirectUri);
    await browser.follow(authkit, redirectUri);
    expectNoWayOn(await browser.request(redirectUri));
    expectNoWayOn(await new Browser().request(redirectUri, { headers: { cookie: cookies } }));
  });

  it("is used once by requests that race", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.request(redirectUri)));
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1);
  });

  it("closes when the time is over", async () => {
    let now = Date.now();
    const authkit = await start({ externalAuthTtl: 60 }, { clock: () => now });
    const [early, late] = [new Browser(), new Browser()];
    const first = await handoff(authkit, early);
    const second = await handoff(authkit, late);
    now += 59_999;
    expect((await early.request(first.redirectUri)).status).toBe(302);
    now += 1;
    expectNoWayOn(await late.request(second.redirectUri));
  });

  it("is not spent by HEAD", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    expect((await browser.request(redirectUri, { method: "HEAD" })).status).toBe(405);
    expect((await browser.request(redirectUri)).status).toBe(302);
  });

  it("leaves no trace in caches or referrers", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    const { headers } = await browser.request(redirectUri);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });
});

describe("two tabs of one browser", () => {
  const orders: [string, ("a" | "b")[]][] = [
    ["one after the other", ["a", "a", "b", "b"]],
    ["begun last, ended first", ["b", "b", "a", "a"]],
    ["crosswise", ["a", "b", "a", "b"]],
    ["crosswise the other way", ["a", "b", "b", "a"]],
  ];
  it.each(orders)("come to two codes for two users, %s", async (_name, order) => {
    const authkit = await start();
    const browser = new Browser();
    const tabs = { a: await handoff(authkit, browser, ADA), b: await handoff(authkit, browser, BOB) };
    const pages: Partial<Record<"a" | "b", Answer>> = {};
    const tokens: Partial<Record<"a" | "b", string>> = {};
    for (const tab of order) {
      const page = pages[tab];
      if (page) {
        const callback = await allow(authkit, browser, page);
        const { body } = await exchange(authkit, tabs[tab].request, callback.searchParams.get("code"));
        tokens[tab] = String(body.access_token);
      } else {
        pages[tab] = await browser.follow(authkit, tabs[tab].redirectUri);
      }
    }
    expect(decode(tokens.a).claims.sub).toBe(authkit.users.findByExternalId(ADA.id)?.id);
    expect(decode(tokens.b).claims.sub).toBe(authkit.users.findByExternalId(BOB.id)?.id);
  });
});

describe("another browser", () => {
  it("cannot resume an authorization or see its consent page, and cannot answer it", async () => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    const page = await browser.follow(authkit, redirectUri);
    const stranger = new Browser();
    // Signed in as the same user even.
    await stranger.follow(authkit, (await handoff(authkit, stranger)).redirectUri);

    expectNoWayOn(await stranger.request(page.url));
    expectNoWayOn(await stranger.submit(authkit, page, { decision: "allow" }));
    const uid = page.url.split("/").at(-1);
    expectNoWayOn(await stranger.request(`${authkit.url}/oauth2/authorize/${uid}`));

    const callback = await allow(authkit, browser, page);
    expect(callback.href.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(true);
  });
});

describe("with naive binding, for trying an application's own defences", () => {
  it("signs whoever began a login in as the one who was lured into completing it", async () => {
    const authkit = await start({ switches: { browserBinding: "naive" } });
    const attacker = new Browser();
    const { external_auth_id } = await handoff(authkit, attacker);
    const page = await attacker.follow(
      authkit,
      `${authkit.url}/oauth2/authorize/complete?state=${external_auth_id}`,
    );
    expect(page.text).toContain("Signed in as");
    expect(page.text).toContain(ADA.email);
  });
});
