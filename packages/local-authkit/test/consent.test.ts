import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";

import {
  ADA,
  allow,
  authorization,
  BOB,
  Browser,
  decode,
  exchange,
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  post,
  readForm,
  signIn,
  start,
  TENANT,
  tokensFor,
} from "./harness.js";

const words = (html: string) => parse(html).querySelector("main")?.structuredText.replace(/\s+/g, " ") ?? "";

const HOSTILE = `"><script>alert(1)</script><b title='`;

describe("the consent screen", () => {
  it("names the client, the user and the scopes in words", async () => {
    const authkit = await start({
      clients: [
        {
          clientId: PARTNER,
          clientSecret: "s",
          name: "Acme Reports",
          redirectUris: [PARTNER_CALLBACK],
          scopes: ["reports:read"],
        },
      ],
    });
    const page = await signIn(
      authkit,
      new Browser(),
      authorization(authkit, { scope: "openid profile email offline_access reports:read" }),
    );
    expect(page.status).toBe(200);
    const text = words(page.text);
    for (const part of [
      "Allow Acme Reports to use your account?",
      "Signed in as Ada Lovelace (ada@example.com)",
      "Know who you are",
      "See your name",
      "See your email address",
      "Keep this access while you are away",
      "Use the permission reports:read",
    ]) {
      expect(text).toContain(part);
    }
    const buttons = parse(page.text).querySelectorAll("#consent button");
    expect(
      buttons.map((button) => [button.getAttribute("name"), button.getAttribute("value"), button.text]),
    ).toEqual([
      ["decision", "allow", "Allow"],
      ["decision", "deny", "Deny"],
    ]);
  });

  it("shows options flat or grouped, required, each with its label", async () => {
    const authkit = await start();
    const flat = { claim: "plan", type: "enum", label: "Plan", choices: [{ value: "p", label: "Pro" }] };
    const page = await signIn(authkit, new Browser(), authorization(authkit), { options: [TENANT, flat] });
    const { form } = readForm(page.text);
    const selects = form.querySelectorAll("select");
    expect(selects.map((select) => select.getAttribute("name"))).toEqual(["option:0", "option:1"]);
    for (const select of selects) {
      expect(select.hasAttribute("required")).toBe(true);
      expect(form.querySelector(`label[for="${select.id}"]`)).not.toBeNull();
    }
    expect(form.querySelectorAll("optgroup").map((group) => group.getAttribute("label"))).toEqual([
      "Production",
      "Test",
    ]);
    expect(
      selects.map((select) => select.querySelectorAll("option").map((item) => item.getAttribute("value"))),
    ).toEqual([
      ["", "prod_us", "test_us"],
      ["", "p"],
    ]);
  });

  it("is kept from frames, scripts, caches and referrers", async () => {
    const authkit = await start();
    const { headers, text } = await signIn(authkit, new Browser(), authorization(authkit));
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(text).not.toContain("<script");
    expect(text).not.toContain("style=");
  });

  it("shows markup in names and labels as text", async () => {
    const authkit = await start({
      clients: [{ clientId: PARTNER, clientSecret: "s", name: HOSTILE, redirectUris: [PARTNER_CALLBACK] }],
    });
    const choice = { value: HOSTILE, label: HOSTILE };
    const page = await signIn(authkit, new Browser(), authorization(authkit), {
      user: { ...ADA, name: HOSTILE },
      options: [
        { ...TENANT, label: HOSTILE, choices: [{ group: HOSTILE, choices: [choice] }] },
        { ...TENANT, claim: "other", label: HOSTILE, choices: [choice] },
      ],
    });
    const document = parse(page.text);
    expect(document.querySelectorAll("script, b")).toHaveLength(0);
    expect(document.querySelector("optgroup")?.getAttribute("label")).toBe(HOSTILE);
    expect(document.querySelectorAll("option").at(-1)?.getAttribute("value")).toBe(HOSTILE);
  });

  it("is not shown for first-party applications, whatever they ask for", async () => {
    const authkit = await start({
      clients: [
        {
          clientId: PARTNER,
          clientSecret: PARTNER_SECRET,
          name: "Own",
          firstParty: true,
          redirectUris: [PARTNER_CALLBACK],
        },
      ],
    });
    const { body } = await tokensFor(authkit, { prompt: "consent" });
    expect(decode(body.access_token).claims.sid).toMatch(/^app_consent_[0-9A-Z]{26}$/);
  });
});

describe("an answer", () => {
  it.each<[string, Record<string, string>]>([
    ["without a choice", {}],
    ["with an empty choice", { "option:0": "" }],
    ["with a choice that was not offered", { "option:0": "prod_eu" }],
    ["with a label in place of a value", { "option:0": "US" }],
  ])("%s is not taken, and the page asks again", async (_name, fields) => {
    const authkit = await start();
    const browser = new Browser();
    const page = await signIn(authkit, browser, authorization(authkit), { options: [TENANT] });
    const again = await browser.submit(authkit, page, { decision: "allow", ...fields });
    expect(again.status).toBe(400);
    expect(words(again.text)).toContain("Choose one of the offered values");
    expect((await allow(authkit, browser, again, { "option:0": "prod_us" })).searchParams.has("code")).toBe(
      true,
    );
  });

  it("that denies comes to the application as access_denied, with the state", async () => {
    const authkit = await start();
    const browser = new Browser();
    const page = await signIn(authkit, browser, authorization(authkit), { options: [TENANT] });
    const answer = await browser.submit(authkit, page, { decision: "deny" });
    const callback = new URL((await browser.follow(authkit, answer.location)).location);
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: "access_denied",
      error_description: "The user denied the request.",
      state: "the state",
    });
    expect(callback.href.startsWith(PARTNER_CALLBACK)).toBe(true);
    // Denied is not remembered as allowed.
    expect((await browser.follow(authkit, authorization(authkit).url)).text).toContain('id="consent"');
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ["without the page's token", { csrf_token: "" }, {}],
    ["with another token", { csrf_token: "x" }, {}],
    ["from another site", {}, { "sec-fetch-site": "cross-site" }],
    ["from another port", {}, { "sec-fetch-site": "same-site" }],
    ["from another origin", {}, { origin: "http://localhost:3001" }],
  ])("%s is refused", async (_name, fields, headers) => {
    const authkit = await start();
    const browser = new Browser();
    const page = await signIn(authkit, browser, authorization(authkit));
    const answer = await browser.submit(authkit, page, { decision: "allow", ...fields }, headers);
    expect([answer.status, answer.location]).toEqual([403, ""]);
    expect((await allow(authkit, browser, page)).searchParams.has("code")).toBe(true);
  });

  it("with another page's token is refused", async () => {
    const authkit = await start();
    const [browser, other] = [new Browser(), new Browser()];
    const page = await signIn(authkit, browser, authorization(authkit));
    const theirs = await signIn(authkit, other, authorization(authkit), { user: BOB });
    const { csrf_token = "" } = readForm(theirs.text).hidden;
    expect((await browser.submit(authkit, page, { decision: "allow", csrf_token })).status).toBe(403);
  });

  it.each<Record<string, string>>([{ "sec-fetch-site": "same-origin", origin: "null" }, { origin: "null" }])(
    "as browsers send it is taken: %j",
    async (headers) => {
      const authkit = await start();
      const browser = new Browser();
      const page = await signIn(authkit, browser, authorization(authkit));
      expect((await browser.submit(authkit, page, { decision: "allow" }, headers)).status).toBe(303);
    },
  );
});

describe("a consent", () => {
  it("puts the choices into the access token, and keeps them across refresh", async () => {
    const authkit = await start();
    const { body } = await tokensFor(authkit, {}, { options: [TENANT], choice: "test_us" });
    const { claims } = decode(body.access_token);
    expect(claims["urn:example:tenant"]).toBe("test_us");

    let refresh_token = String(body.refresh_token);
    for (let i = 0; i < 2; i += 1) {
      const refreshed = await post(authkit, "/oauth2/token", {
        grant_type: "refresh_token",
        refresh_token,
        client_id: PARTNER,
        client_secret: PARTNER_SECRET,
      });
      const next = decode(refreshed.body.access_token).claims;
      expect([next["urn:example:tenant"], next.sub, next.sid]).toEqual(["test_us", claims.sub, claims.sid]);
      expect(next.jti).not.toBe(claims.jti);
      refresh_token = String(refreshed.body.refresh_token);
    }
  });

  it("takes a claim that is named like something of JavaScript", async () => {
    const authkit = await start();
    const option = { ...TENANT, claim: "__proto__" };
    const { body } = await tokensFor(authkit, {}, { options: [option], choice: "test_us" });
    expect(Object.entries(decode(body.access_token).claims)).toContainEqual(["__proto__", "test_us"]);
  });

  it("is remembered for its scopes, user and application", async () => {
    const authkit = await start({
      switches: { loginUriVisit: "always" },
      clients: [PARTNER, "client_other"].map((clientId) => ({
        clientId,
        clientSecret: PARTNER_SECRET,
        name: clientId,
        redirectUris: [PARTNER_CALLBACK],
      })),
    });
    const browser = new Browser();
    const first = await tokensFor(authkit, { scope: "openid email" }, { browser });
    const asks = async (changes: Record<string, string>, user: object = ADA) =>
      (await signIn(authkit, browser, authorization(authkit, changes), { user })).text.includes(
        'id="consent"',
      );

    expect(await asks({ scope: "openid" })).toBe(false);
    expect(await asks({ scope: "openid email" })).toBe(false);
    expect(await asks({ scope: "openid profile" })).toBe(true);
    expect(await asks({ scope: "openid", client_id: "client_other" })).toBe(true);
    expect(await asks({ scope: "openid" }, BOB)).toBe(true);
    expect(await asks({ scope: "openid", prompt: "consent" })).toBe(true);

    const second = await tokensFor(authkit, { scope: "openid email" }, { browser });
    expect(decode(second.body.access_token).claims.sid).toBe(decode(first.body.access_token).claims.sid);
  });

  it("is asked for again when there is something to choose", async () => {
    const authkit = await start({ switches: { loginUriVisit: "always" } });
    const browser = new Browser();
    const sid = decode((await tokensFor(authkit, {}, { browser })).body.access_token).claims.sid;
    for (const choice of ["prod_us", "test_us"]) {
      const { body } = await tokensFor(authkit, {}, { browser, options: [TENANT], choice });
      expect(decode(body.access_token).claims).toMatchObject({ "urn:example:tenant": choice, sid });
    }
    // With nothing to choose this time, the last choice stands.
    const { body } = await tokensFor(authkit, {}, { browser });
    expect(decode(body.access_token).claims["urn:example:tenant"]).toBe("test_us");
  });

  it("changes nothing in tokens that were given before", async () => {
    const authkit = await start({ switches: { loginUriVisit: "always" } });
    const first = await tokensFor(authkit, {}, { options: [TENANT], choice: "prod_us" });
    await tokensFor(authkit, {}, { options: [TENANT], choice: "test_us" });
    const refreshed = await post(authkit, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: String(first.body.refresh_token),
      client_id: PARTNER,
      client_secret: PARTNER_SECRET,
    });
    expect(decode(refreshed.body.access_token).claims["urn:example:tenant"]).toBe("prod_us");
  });
});

describe("a page that was answered", () => {
  it("cannot be answered again", async () => {
    const authkit = await start();
    const browser = new Browser();
    const request = authorization(authkit);
    const page = await signIn(authkit, browser, request);
    const callback = await allow(authkit, browser, page);
    expect((await browser.submit(authkit, page, { decision: "allow" })).status).toBe(400);
    expect((await exchange(authkit, request, callback.searchParams.get("code"))).status).toBe(200);
  });
});
