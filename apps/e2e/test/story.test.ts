import { decodeJwt } from "jose";
import * as oauth from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../src/example.js";
import { audience, type Launched, launch, redirectUri } from "../src/launch.js";
import { begin, callApi, discover, redeem, refresh, Visitor } from "../src/story.js";

describe.each(examples)("the story with example-%s", (example) => {
  let launched: Launched;
  let config: oauth.Configuration;

  beforeAll(async () => {
    launched = await launch(example);
    config = await discover(launched.authkit.issuer);
  });
  afterAll(() => launched?.close());

  it("runs from authorize to refresh", async () => {
    const visitor = new Visitor();
    const begun = await begin(config);

    const signInPage = await visitor.start(begun);
    expect(signInPage.url).toMatch(`${launched.exampleUrl}/sign-in?return_to=`);

    const consentPage = await visitor.signIn(signInPage);
    expect(new URL(consentPage.url).origin).toBe(launched.authkit.issuer);
    expect(consentPage.document.text).toContain("Acme Reports");
    expect(consentPage.document.text).toContain("ada@example.com");
    const groups = consentPage.document
      .querySelectorAll("optgroup")
      .map((group) => group.getAttribute("label"));
    expect(groups).toEqual(["Production", "Staging"]);

    const callback = await visitor.allow(consentPage, "prod_us");
    const tokens = await redeem(config, callback.url, begun);
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({
      aud: audience,
      iss: launched.authkit.issuer,
      "urn:example:tenant": "prod_us",
    });
    expect(tokens.claims()).toMatchObject({ email: "ada@example.com", given_name: "Ada", sub: claims.sub });

    expect(await callApi(launched.exampleUrl, tokens.access_token)).toEqual({
      status: 200,
      body: { subject: claims.sub, scopes: String(claims.scope).split(" "), tenant: "prod_us" },
    });

    const refreshed = await refresh(config, String(tokens.refresh_token));
    expect(decodeJwt(refreshed.access_token)).toMatchObject({
      sub: claims.sub,
      "urn:example:tenant": "prod_us",
    });
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect((await callApi(launched.exampleUrl, refreshed.access_token)).status).toBe(200);

    // AuthKit names its userinfo endpoint in the OpenID document alone.
    const openid = await discover(launched.authkit.issuer, "oidc");
    const userInfo = await oauth.fetchUserInfo(openid, tokens.access_token, String(claims.sub));
    expect(userInfo.email).toBe("ada@example.com");
  });

  it("goes straight on for a user who is signed in already", async () => {
    const visitor = new Visitor();
    await visitor.signIn(await visitor.browser.open(`${launched.exampleUrl}/sign-in`));
    const consentPage = await visitor.start(await begin(config));
    expect(new URL(consentPage.url).origin).toBe(launched.authkit.issuer);
    expect(consentPage.document.querySelector("select")).not.toBeNull();
  });

  it("keeps the login through a wrong password", async () => {
    const visitor = new Visitor();
    const begun = await begin(config);
    const signInPage = await visitor.start(begun);
    const failedPage = await visitor.signIn(signInPage, "ada@example.com", "wrong");
    expect(failedPage.status).toBe(422);
    const consentPage = await visitor.signIn(failedPage);
    const callback = await visitor.allow(consentPage, "prod_eu");
    const tokens = await redeem(config, callback.url, begun);
    expect(decodeJwt(tokens.access_token)["urn:example:tenant"]).toBe("prod_eu");
  });

  it("asks nothing of a user without workspaces, and issues no tenant", async () => {
    const visitor = new Visitor();
    const begun = await begin(config);
    const consentPage = await visitor.signIn(
      await visitor.start(begun),
      "linus@example.com",
      "linus-password",
    );
    expect(consentPage.document.querySelector("select")).toBeNull();
    const tokens = await redeem(config, (await visitor.allow(consentPage)).url, begun);
    expect((await callApi(launched.exampleUrl, tokens.access_token)).body).toMatchObject({ tenant: null });
  });

  it("gives the client access_denied when the user denies", async () => {
    const visitor = new Visitor();
    const begun = await begin(config);
    const callback = await visitor.deny(await visitor.signIn(await visitor.start(begun)));
    await expect(redeem(config, callback.url, begun)).rejects.toMatchObject({ error: "access_denied" });
  });

  it("sends an unknown and a used id to the home page", async () => {
    const visitor = new Visitor();
    const signInPage = await visitor.start(await begin(config));
    const loginPath = new URL(String(new URL(signInPage.url).searchParams.get("return_to")), signInPage.url);
    // Used elsewhere: the application that completed it remembers for a moment where its user was to go.
    const { authkit } = launched;
    const completion = await fetch(`${authkit.url}/authkit/oauth2/complete`, {
      method: "POST",
      headers: { authorization: `Bearer ${authkit.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({
        external_auth_id: loginPath.searchParams.get("external_auth_id"),
        user: { id: "usr_ada", email: "ada@example.com" },
      }),
    });
    expect(completion.status).toBe(200);

    const used = await visitor.signIn(signInPage);
    expect(used.url).toBe(`${launched.exampleUrl}/`);
    expect(used.status).toBe(200);
    const unknown = await visitor.browser.open(
      `${launched.exampleUrl}/auth/login?external_auth_id=ext_auth_unknown`,
    );
    expect(unknown.url).toBe(`${launched.exampleUrl}/`);
  });

  it("goes on once and for all that asked, where the Login URI is opened twice at once", async () => {
    const visitor = new Visitor();
    await visitor.signIn(await visitor.browser.open(`${launched.exampleUrl}/sign-in`));
    const signedOut = await new Visitor().start(await begin(config));
    const loginUri = launched.exampleUrl + String(new URL(signedOut.url).searchParams.get("return_to"));
    const pages = await Promise.all(
      [1, 2].map(() => visitor.browser.open(loginUri, `${launched.authkit.url}/oauth2/authorize/complete`)),
    );
    expect(pages[0]?.url).toMatch(launched.authkit.url);
    expect(pages[1]?.url).toBe(pages[0]?.url);
  });

  it("works in two tabs at once", async () => {
    const visitor = new Visitor();
    const [first, second] = [await begin(config), await begin(config)];
    const firstSignIn = await visitor.start(first);
    const secondSignIn = await visitor.start(second);
    const secondConsent = await visitor.signIn(secondSignIn);
    const firstConsent = await visitor.signIn(firstSignIn);
    const firstTokens = await redeem(config, (await visitor.allow(firstConsent, "prod_us")).url, first);
    const secondTokens = await redeem(config, (await visitor.allow(secondConsent, "staging_us")).url, second);
    expect(decodeJwt(firstTokens.access_token)["urn:example:tenant"]).toBe("prod_us");
    expect(decodeJwt(secondTokens.access_token)["urn:example:tenant"]).toBe("staging_us");
  });

  it("lets nobody in with a login that another browser began", async () => {
    const attacker = new Visitor();
    const begun = await begin(config);
    const signInPage = await attacker.start(begun);
    const loginPath = String(new URL(signInPage.url).searchParams.get("return_to"));

    const victim = new Visitor();
    await victim.signIn(await victim.browser.open(`${launched.exampleUrl}/sign-in`));
    const stopped = await victim.browser.open(launched.exampleUrl + loginPath, redirectUri);
    expect(new URL(stopped.url).origin).toBe(launched.authkit.issuer);
    expect(stopped.status).toBe(400);
    expect(stopped.document.querySelector("form")).toBeNull();

    // Nor does the browser that began it find itself signed in as the victim.
    const again = await attacker.browser.open(begun.url, redirectUri);
    expect(again.url).toMatch(`${launched.exampleUrl}/sign-in`);
  });

  it("refuses a missing and a foreign token", async () => {
    const missing = await fetch(`${launched.exampleUrl}/api/me`);
    expect([missing.status, missing.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    const foreign = await callApi(launched.exampleUrl, "a.b.c");
    expect(foreign.status).toBe(401);
  });
});
