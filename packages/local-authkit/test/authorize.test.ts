import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";

import {
  ADA,
  allow,
  authorization,
  BOB,
  Browser,
  begin,
  complete,
  decode,
  exchange,
  LOGIN_URI,
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  PUBLIC,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const isLoginUri = (location: string) => location.startsWith("http://app.test/auth/login");
const parametersOf = (location: string) => Object.fromEntries(new URL(location).searchParams);

describe("an authorization request", () => {
  it("comes to the Login URI with external_auth_id and nothing else", async () => {
    const authkit = await start();
    const { status, location, text } = await new Browser().request(authorization(authkit).url);
    expect(status).toBe(302);
    expect(location).toMatch(
      new RegExp(`^${LOGIN_URI.replace("?", "\\?")}&external_auth_id=ext_auth_[0-9A-HJKMNP-TV-Z]{26}$`),
    );
    expect(text).toBe("");
  });

  it("comes to the Login URI as it is set now", async () => {
    const authkit = await start({ loginUri: undefined });
    const { status, text } = await new Browser().request(authorization(authkit).url);
    expect([status, text.includes("No Login URI is set")]).toEqual([500, true]);

    authkit.setLoginUri("https://app.example.com/login");
    const { location } = await new Browser().request(authorization(authkit).url);
    expect(location).toMatch(/^https:\/\/app\.example\.com\/login\?external_auth_id=/);
    expect(() => authkit.setLoginUri("/login")).toThrow("loginUri must be an absolute http or https URL");
  });

  it("of an unknown client ends on a page of AuthKit", async () => {
    const authkit = await start();
    for (const client_id of ["client_unknown", authkit.environmentClientId]) {
      const browser = new Browser();
      const { status, location } = await browser.request(authorization(authkit, { client_id }).url);
      expect([status, location]).toEqual([302, `${authkit.url}/oauth2/error?error=application_not_found`]);
      const page = await browser.request(location);
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
      expect(page.text).toContain("Application not found");
    }
  });

  it.each([
    ["another path", "http://localhost:3001/callback/other"],
    ["a query", `${PARTNER_CALLBACK}?a=b`],
    ["another host", "http://attacker.example/callback"],
    ["another scheme", "https://localhost:3001/callback"],
    ["a user before another host", "http://localhost:80@attacker.example/callback"],
    ["a host that starts alike", "http://localhost.attacker.example:3001/callback"],
    ["letters in another case", "http://localhost:3001/Callback"],
    ["none", undefined],
  ])("with a redirect_uri that is not registered is never redirected: %s", async (_name, redirect_uri) => {
    const authkit = await start();
    const { status, location, text } = await new Browser().request(
      authorization(authkit, { redirect_uri }).url,
    );
    expect([status, location]).toEqual([400, ""]);
    expect(parse(text).querySelector("h1")?.text).toBeTruthy();
  });

  it.each([
    ["http://localhost/callback", "http://localhost:6274/callback"],
    ["http://127.0.0.1:1234/cb", "http://127.0.0.1:4321/cb"],
    ["http://[::1]/cb", "http://[::1]:4321/cb"],
    ["com.example.app:/cb", "com.example.app:/cb"],
  ])("may name any loopback port, or a scheme of its own: %s", async (registered, redirect_uri) => {
    const authkit = await start({
      clients: [{ clientId: PUBLIC, name: "Native", redirectUris: [registered] }],
    });
    const request = authorization(authkit, { client_id: PUBLIC, redirect_uri });
    const browser = new Browser();
    const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
    expect(callback.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
    expect((await exchange(authkit, request, callback.searchParams.get("code"))).status).toBe(200);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ["a scope nobody knows", { scope: "openid admin" }, "invalid_scope"],
    ["a scope of another application", { scope: "openid reports:read" }, "invalid_scope"],
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["another response mode", { response_mode: "fragment" }, "unsupported_response_mode"],
    ["a form as response mode", { response_mode: "form_post" }, "unsupported_response_mode"],
    ["no interaction, and no session", { prompt: "none" }, "login_required"],
  ])("with %s comes back as an error with the state", async (_name, changes, error) => {
    const authkit = await start({
      clients: [
        { clientId: PARTNER, clientSecret: PARTNER_SECRET, name: "P", redirectUris: [PARTNER_CALLBACK] },
        { clientId: "other", name: "O", redirectUris: [PARTNER_CALLBACK], scopes: ["reports:read"] },
      ],
    });
    const { status, location } = await new Browser().request(authorization(authkit, changes).url);
    expect(status).toBe(302);
    expect(location.startsWith(`${PARTNER_CALLBACK}?`)).toBe(true);
    expect(parametersOf(location)).toEqual({
      error,
      error_description: expect.any(String),
      state: "the state",
    });
  });

  it("without a scope asks for openid", async () => {
    const authkit = await start();
    const { body } = await tokensFor(authkit, { scope: undefined });
    expect(decode(body.access_token).claims.scope).toBe("openid");
  });

  it("keeps the query of the application's redirect URI", async () => {
    const redirect_uri = "https://app.example.com/cb?iss=https%3A%2F%2Fother.example&a=b";
    const authkit = await start({
      clients: [{ clientId: PARTNER, clientSecret: PARTNER_SECRET, name: "P", redirectUris: [redirect_uri] }],
    });
    const browser = new Browser();
    const request = authorization(authkit, { redirect_uri, state: undefined });
    const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
    expect(callback.searchParams.get("a")).toBe("b");
    expect(callback.searchParams.get("code")).not.toBeNull();
  });

  it("by HEAD begins nothing", async () => {
    const authkit = await start();
    const answer = await new Browser().request(authorization(authkit).url, { method: "HEAD" });
    expect([answer.status, answer.location]).toEqual([405, ""]);
  });

  it("under another name of this machine leads to the issuer's addresses; under a foreign name nowhere", async () => {
    const authkit = await start();
    const { port } = new URL(authkit.url);
    const { request: send } = await import("node:http");
    const statusFor = (host: string) =>
      new Promise<[number | undefined, string]>((resolve, reject) => {
        const request = send(
          {
            host: "localhost",
            port,
            path: `${new URL(authorization(authkit).url).pathname}?client_id=x`,
            headers: { host },
          },
          (answer) => {
            answer.resume();
            resolve([answer.statusCode, String(answer.headers.location ?? "")]);
          },
        );
        request.on("error", reject).end();
      });
    expect((await statusFor(`127.0.0.1:${port}`))[0]).toBe(302);
    expect(await statusFor("attacker.example")).toEqual([421, ""]);
  });
});

describe("sessions", () => {
  it("that are kept skip the Login URI, whatever the application asks for", async () => {
    const authkit = await start();
    const browser = new Browser();
    await tokensFor(authkit, {}, { browser });
    for (const changes of [
      {},
      { prompt: "login" },
      { prompt: "select_account" },
      { max_age: "0" },
      { prompt: "none" },
    ]) {
      const { location } = await browser.request(authorization(authkit, changes).url);
      expect(location.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(true);
    }
    // A client this user has not consented to.
    const page = await browser.follow(authkit, authorization(authkit, { client_id: PUBLIC }).url);
    expect(page.text).toContain("Ada Lovelace (ada@example.com)");
  });

  it("that are not kept lead to the Login URI each time", async () => {
    const authkit = await start({ switches: { loginUriVisit: "always" } });
    const browser = new Browser();
    await tokensFor(authkit, {}, { browser });
    for (let i = 0; i < 2; i += 1) {
      const { location } = await browser.request(authorization(authkit).url);
      expect(isLoginUri(location)).toBe(true);
    }
    await tokensFor(authkit, {}, { browser });
  });

  it.each(["skipped", "always"] as const)(
    "belong to who signed in last, without a question (the Login URI: %s)",
    async (loginUriVisit) => {
      const authkit = await start({ switches: { loginUriVisit } });
      const browser = new Browser();
      // Both begun before either is signed in, so that both visit the Login URI.
      const requests = [authorization(authkit), authorization(authkit)];
      const ids = [];
      for (const request of requests) ids.push(await begin(browser, request));
      const subjects = [];
      for (const [index, user] of [ADA, BOB].entries()) {
        const { redirectUri } = await complete(authkit, { external_auth_id: ids[index], user });
        const page = await browser.follow(authkit, redirectUri);
        expect(page.text).toContain(user.email);
        const callback = await allow(authkit, browser, page);
        const request = requests[index] ?? authorization(authkit);
        const { body } = await exchange(authkit, request, callback.searchParams.get("code"));
        subjects.push(decode(body.access_token).claims.sub);
      }
      const idOf = (user: { id: string }) => authkit.users.findByExternalId(user.id)?.id;
      expect(subjects).toEqual([idOf(ADA), idOf(BOB)]);
      if (loginUriVisit === "skipped") {
        const { body } = await tokensInSession(authkit, browser);
        expect(decode(body.access_token).claims.sub).toBe(idOf(BOB));
      }
    },
  );

  async function tokensInSession(authkit: Awaited<ReturnType<typeof start>>, browser: Browser) {
    const request = authorization(authkit);
    const { location } = await browser.request(request.url);
    return exchange(authkit, request, new URL(location).searchParams.get("code"));
  }
});
