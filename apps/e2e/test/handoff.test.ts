import { decodeJwt } from "jose";
import type * as oauth from "openid-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Guarded, launchGuarded } from "../src/guarded.js";
import type { Page } from "../src/http-browser.js";
import { redirectUri } from "../src/launch.js";
import { begin, discover, redeem, Visitor } from "../src/story.js";

let guarded: Guarded;
let config: oauth.Configuration;

async function launchWith(options: Parameters<typeof launchGuarded>[0]): Promise<void> {
  guarded = await launchGuarded(options);
  config = await discover(guarded.authkit.issuer);
}

/** Somebody who is signed in at the product. */
async function signedIn(email = "ada@example.com", password = "ada-password"): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.signIn(await visitor.browser.open(`${guarded.appUrl}/sign-in`), email, password);
  return visitor;
}

/** An attacker's login: begun in a browser of his own, up to the address that a victim is to be lured to. */
async function lure() {
  const attacker = new Visitor();
  const begun = await begin(config);
  const signInPage = await attacker.start(begun);
  const loginPath = String(new URL(signInPage.url).searchParams.get("return_to"));
  const id = String(new URL(loginPath, guarded.appUrl).searchParams.get("external_auth_id"));
  return {
    address: guarded.appUrl + loginPath,
    /** What he becomes when he goes on with his login, where AuthKit lets anybody go on who knows the id. */
    async become(): Promise<Page> {
      const url = `${guarded.authkit.url}/oauth2/authorize/complete?state=${id}`;
      return attacker.browser.open(url, redirectUri);
    },
    tokensFrom: async (consentPage: Page) => redeem(config, (await attacker.allow(consentPage)).url, begun),
  };
}

const answer = (visitor: Visitor, page: Page, value: "continue" | "switch" | "deny") =>
  visitor.browser.submit(page, { answer: value }, redirectUri);

describe("a login that somebody was lured into, where AuthKit does not look at browsers", () => {
  afterEach(() => guarded?.close());

  it("makes the attacker the victim where the application does not ask", async () => {
    await launchWith({ defences: {}, authkit: { switches: { browserBinding: "naive" } } });
    const victim = await signedIn();
    const attack = await lure();
    await victim.browser.open(attack.address, redirectUri);
    const tokens = await attack.tokensFrom(await attack.become());
    expect(tokens.claims()?.email).toBe("ada@example.com");
  });

  it("stops at the page that asks, and comes to nothing when the victim did not start it", async () => {
    await launchWith({ defences: { confirm: true }, authkit: { switches: { browserBinding: "naive" } } });
    const victim = await signedIn();
    const attack = await lure();
    const asked = await victim.browser.open(attack.address, redirectUri);
    expect(asked.url).toBe(attack.address);
    expect(asked.document.text).toContain("Ada Lovelace");
    expect((await attack.become()).status).toBe(400);
    const home = await answer(victim, asked, "deny");
    expect(home.url).toBe(`${guarded.appUrl}/`);
    expect((await attack.become()).status).toBe(400);
    expect(guarded.processes[0]?.log()).toContain("login failed: access_denied");
  });
});

describe("a product that asks first", () => {
  beforeAll(() => launchWith({ defences: { confirm: true } }));
  afterAll(() => guarded?.close());

  it("goes on to consent and a token after Continue", async () => {
    const visitor = new Visitor();
    const begun = await begin(config);
    const asked = await visitor.signIn(await visitor.start(begun));
    expect(asked.document.querySelector("h1")?.text).toBe("Continue with this account?");
    const consentPage = await answer(visitor, asked, "continue");
    expect(new URL(consentPage.url).origin).toBe(guarded.authkit.issuer);
    const tokens = await redeem(config, (await visitor.allow(consentPage)).url, begun);
    expect(decodeJwt(tokens.access_token).iss).toBe(guarded.authkit.issuer);
  });

  it("lets somebody else sign in and asks them, for the same login", async () => {
    const visitor = await signedIn();
    const begun = await begin(config);
    const signInPage = await answer(visitor, await visitor.start(begun), "switch");
    expect(signInPage.url).toMatch(`${guarded.appUrl}/sign-in?return_to=`);
    const asked = await visitor.signIn(signInPage, "linus@example.com", "linus-password");
    expect(asked.document.text).toContain("linus@example.com");
    const consentPage = await answer(visitor, asked, "continue");
    const tokens = await redeem(config, (await visitor.allow(consentPage)).url, begun);
    expect(tokens.claims()?.email).toBe("linus@example.com");
  });

  it("completes nothing for a form that another site sent", async () => {
    const visitor = await signedIn();
    const asked = await visitor.start(await begin(config));
    const refused = await visitor.browser.submit(
      asked,
      { answer: "continue" },
      redirectUri,
      "https://evil.example",
    );
    expect(refused.status).toBe(405);
    // The page itself is still good; Ada's consent is known from before.
    expect((await answer(visitor, asked, "continue")).url).toMatch(`${redirectUri}?code=`);
  });
});

describe("a product whose sign-in loses the way back", () => {
  const resume = { secret: "a secret for parked logins, long enough" };
  beforeAll(() => launchWith({ defences: { resume, isForgetful: true } }));
  afterAll(() => guarded?.close());

  it("finds the login again", async () => {
    const visitor = new Visitor();
    const begun = await begin(config);
    const signInPage = await visitor.start(begun);
    expect(new URL(signInPage.url).searchParams.get("return_to")).toBe("/auth/login");
    const consentPage = await visitor.signIn(signInPage);
    const tokens = await redeem(config, (await visitor.allow(consentPage)).url, begun);
    expect(tokens.claims()?.email).toBe("ada@example.com");
    // It is over, and not found a second time.
    expect((await visitor.browser.open(`${guarded.appUrl}/auth/login`)).status).toBe(400);
  });

  it("does not guess which of two it was", async () => {
    const visitor = new Visitor();
    await visitor.start(await begin(config));
    const unclear = await visitor.signIn(await visitor.start(await begin(config)));
    expect(unclear.status).toBe(400);
    expect(unclear.document.text).toContain("start again");
  });

  it("takes a login that landed on another page to the Login URI", async () => {
    guarded.authkit.setLoginUri(`${guarded.appUrl}/welcome`);
    const visitor = await signedIn();
    const page = await visitor.start(await begin(config));
    expect(page.url).toMatch(`${redirectUri}?code=`);
  });
});
