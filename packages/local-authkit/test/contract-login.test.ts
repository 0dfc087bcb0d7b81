import { expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { contract } from "./contract.js";
import {
  ADA,
  allow,
  authorization,
  BOB,
  Browser,
  begin,
  complete,
  LOGIN_URI,
  PARTNER_CALLBACK,
  PUBLIC,
  post,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const ULID = "[0-9A-HJKMNP-TV-Z]{26}";
const ALREADY_COMPLETED = {
  code: "external_auth_session_already_completed",
  message: "Request could not be processed.",
};

const isAtLoginUri = (location: string) => location.startsWith(LOGIN_URI.split("?")[0] ?? "");
const parametersOf = (location: string) => Object.fromEntries(new URL(location).searchParams);

async function handoff(authkit: LocalAuthKit, browser: Browser, user: object = ADA) {
  const external_auth_id = await begin(browser, authorization(authkit));
  const { redirectUri } = await complete(authkit, { external_auth_id, user });
  return { external_auth_id, redirectUri };
}

it.each([
  [300, {}],
  [10, { externalAuthTtl: 10 }],
])("S-1 external_auth_id lives %d seconds: externalAuthTtl", async (seconds, options) => {
  let now = Date.now();
  const authkit = await start(options, { clock: () => now });
  const ids = [];
  for (let i = 0; i < 2; i += 1) ids.push(await begin(new Browser(), authorization(authkit)));
  now += seconds * 1000 - 1;
  expect((await complete(authkit, { external_auth_id: ids[0], user: ADA })).status).toBe(200);
  now += 1;
  for (const external_auth_id of ids) {
    expect((await complete(authkit, { external_auth_id, user: ADA })).body.code).toBe("not_found");
  }
});

contract(
  "externalAuthId",
  "external_auth_id is a ULID, with a prefix or without",
  { prefixed: `ext_auth_${ULID}`, bare: ULID },
  async (start, form) => {
    const authkit = await start();
    const id = await begin(new Browser(), authorization(authkit));
    expect(id).toMatch(new RegExp(`^${form}$`));
    expect((await complete(authkit, { external_auth_id: id, user: ADA })).status).toBe(200);
  },
);

contract(
  "unknownExternalAuthId",
  "an id that is not known has an answer of its own",
  {
    "404-coded": [404, { message: "Not Found", code: "not_found" }],
    "404-uncoded": [404, { message: "Not Found" }],
    "400-coded": [400, { code: "not_found", message: "Request could not be processed." }],
  },
  async (start, answer) => {
    const authkit = await start();
    const { status, body } = await complete(authkit, { external_auth_id: "ext_auth_0", user: ADA });
    expect([status, body]).toEqual(answer);
  },
);

contract(
  "refusedCompletion",
  "a completion that is refused keeps the id usable, or spends it",
  { "keeps-id": [200, undefined], "spends-id": [400, ALREADY_COMPLETED.code] },
  async (start, answer) => {
    const authkit = await start();
    for (const [refusal, user] of [
      [400, { ...ADA, email: "ada" }],
      [422, { ...ADA, email: undefined }],
    ] as const) {
      const external_auth_id = await begin(new Browser(), authorization(authkit));
      expect((await complete(authkit, { external_auth_id, user })).status).toBe(refusal);
      const { status, body } = await complete(authkit, { external_auth_id, user: ADA });
      expect([status, body.code]).toEqual(answer);
    }
  },
);

it("S-5 of completions that race exactly one succeeds, the others hear that it was completed", async () => {
  const authkit = await start();
  const external_auth_id = await begin(new Browser(), authorization(authkit));
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => complete(authkit, { external_auth_id, user: ADA })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === ALREADY_COMPLETED.code)).toHaveLength(19);
});

contract(
  "repeatedCompletion",
  "a completion that comes again with its Idempotency-Key is refused, or answered as before",
  { refused: false, "same-answer": true },
  async (start, isAnswered) => {
    const authkit = await start();
    const browser = new Browser();
    const external_auth_id = await begin(browser, authorization(authkit));
    const send = async (user: object, key: string | undefined) => {
      const headers: Record<string, string> = key === undefined ? {} : { "idempotency-key": key };
      const { status, body } = await complete(authkit, { external_auth_id, user }, headers);
      return [status, body];
    };
    const first = await send(ADA, "key");
    const refused = [400, ALREADY_COMPLETED];
    expect(await send(ADA, "other key")).toEqual(refused);
    expect(await send(BOB, "key")).toEqual(refused);
    expect(await send(ADA, undefined)).toEqual(refused);
    expect(await send(ADA, "key")).toEqual(isAnswered ? first : refused);
    await browser.follow(authkit, String(Object(first[1]).redirect_uri));
    expect(await send(ADA, "key")).toEqual(isAnswered ? first : refused);
  },
);

contract(
  "browserBinding",
  "who began a login gets nowhere with its id when somebody else was lured into completing it",
  { strict: "This sign-in has expired", naive: `Signed in as Ada Lovelace (${ADA.email})` },
  async (start, words) => {
    const authkit = await start();
    const attacker = new Browser();
    const { external_auth_id } = await handoff(authkit, attacker);
    const address = `${authkit.url}/oauth2/authorize/complete?state=${external_auth_id}`;
    const page = await attacker.follow(authkit, address);
    expect(page.text.replace(/<[^>]+>/g, "")).toContain(words);
  },
);

contract(
  "redirectUriUse",
  "redirect_uri is opened once, or as often as the browser that began wants while the id lives",
  { once: 400, often: 302 },
  async (start, again) => {
    const authkit = await start();
    const browser = new Browser();
    const { redirectUri } = await handoff(authkit, browser);
    const callback = await allow(authkit, browser, await browser.follow(authkit, redirectUri));
    expect(callback.searchParams.has("code")).toBe(true);
    for (let i = 0; i < 2; i += 1) {
      const { status, location } = await browser.follow(authkit, redirectUri);
      expect(status).toBe(again);
      expect(location.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(again === 302);
    }
    expect((await new Browser().request(redirectUri)).status).toBe(400);
    authkit.clock.advance("301s");
    expect((await browser.request(redirectUri)).status).toBe(400);
  },
);

it("S-6 redirect_uri that is opened again goes on as who completed it, whoever signed in meanwhile", async () => {
  const authkit = await start({ switches: { redirectUriUse: "often" } });
  const browser = new Browser();
  const [ada, bob] = [await handoff(authkit, browser, ADA), await handoff(authkit, browser, BOB)];
  for (const [{ redirectUri }, user] of [
    [ada, ADA],
    [bob, BOB],
    [ada, ADA],
  ] as const) {
    expect((await browser.follow(authkit, redirectUri)).text).toContain(user.email);
  }
});

contract(
  "loginUriVisit",
  "a browser with an AuthKit session skips the Login URI, or visits it each time",
  { skipped: false, always: true },
  async (start, isVisited) => {
    const authkit = await start();
    const browser = new Browser();
    await tokensFor(authkit, {}, { browser });
    for (const changes of [{}, { prompt: "login" }, { prompt: "select_account" }, { max_age: "0" }]) {
      const { location } = await browser.request(authorization(authkit, changes).url);
      expect(isAtLoginUri(location)).toBe(isVisited);
      expect(location.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(!isVisited);
    }
    // A visit leads on to tokens, too.
    if (isVisited) await tokensFor(authkit, {}, { browser });
  },
);

contract(
  "prompt",
  "prompt=login is ignored, or leads to the Login URI in spite of a session",
  { ignored: ADA.email, honoured: BOB.email },
  async (start, email) => {
    const authkit = await start();
    const browser = new Browser();
    await tokensFor(authkit, { scope: "openid" }, { browser });
    const request = authorization(authkit, { prompt: "login" });
    const { location } = await browser.request(request.url);
    const isIgnored = email === ADA.email;
    expect(isAtLoginUri(location)).toBe(!isIgnored);
    // A scope that is new brings the page that says who is signed in.
    const page = isIgnored
      ? await browser.follow(authkit, request.url)
      : await signIn(authkit, browser, request, { user: BOB });
    expect(page.text).toContain(email);
  },
);

contract(
  "deniedConsent",
  "who denies is sent back with access_denied, or stays on a page of AuthKit",
  { redirect: true, page: false },
  async (start, isSentBack) => {
    const authkit = await start();
    const browser = new Browser();
    const page = await signIn(authkit, browser, authorization(authkit));
    const answer = await browser.submit(authkit, page, { decision: "deny" });
    if (isSentBack) {
      const { location } = await browser.follow(authkit, answer.location);
      expect(location.startsWith(PARTNER_CALLBACK)).toBe(true);
      expect(parametersOf(location)).toEqual({
        error: "access_denied",
        error_description: "The user denied the request.",
        state: "the state",
      });
    } else {
      expect([answer.status, answer.location]).toEqual([200, ""]);
      expect(answer.text).toContain("Acme Reports has no access.");
    }
    // Nothing is left of the page, and a denial is not remembered as a consent.
    expect((await browser.submit(authkit, page, { decision: "allow" })).status).toBe(400);
    expect((await browser.follow(authkit, authorization(authkit).url)).text).toContain('id="consent"');
  },
);

contract(
  "loopbackPort",
  "the port of a redirect URI on loopback is free, or as registered",
  { free: true, exact: false },
  async (start, isFree) => {
    const authkit = await start();
    const ask = async (redirect_uri: string) => {
      const { url } = authorization(authkit, { client_id: PUBLIC, redirect_uri });
      return isAtLoginUri((await new Browser().request(url)).location);
    };
    expect(await ask("http://localhost/callback")).toBe(true);
    expect(await ask("http://localhost:6274/callback")).toBe(isFree);
    expect(await ask("http://localhost:6274/other")).toBe(false);
  },
);

contract(
  "nonce",
  "an OpenID request may come without a nonce, or must have one",
  { optional: true, required: false },
  async (start, isOptional) => {
    const authkit = await start();
    const ask = async (changes: Record<string, string>) =>
      (await new Browser().request(authorization(authkit, changes).url)).location;
    const without = await ask({ scope: "openid" });
    expect(isAtLoginUri(without)).toBe(isOptional);
    if (!isOptional) {
      expect(parametersOf(without)).toMatchObject({ error: "invalid_request", state: "the state" });
    }
    expect(isAtLoginUri(await ask({ scope: "openid", nonce: "n" }))).toBe(true);
    expect(isAtLoginUri(await ask({ scope: "profile" }))).toBe(true);
  },
);

contract(
  "issuerParameter",
  "the authorization response does not name the issuer, or does",
  { absent: false, sent: true },
  async (start, isSent) => {
    const authkit = await start();
    const browser = new Browser();
    const callback = await allow(authkit, browser, await signIn(authkit, browser, authorization(authkit)));
    const names = isSent ? ["code", "iss", "state"] : ["code", "state"];
    expect([...callback.searchParams.keys()].sort()).toEqual(names);
    expect(callback.searchParams.get("iss")).toBe(isSent ? authkit.issuer : null);
    const { location } = await browser.request(authorization(authkit, { scope: "nobody:knows" }).url);
    expect(new URL(location).searchParams.has("iss")).toBe(isSent);
    for (const name of ["oauth-authorization-server", "openid-configuration"]) {
      const metadata = await (await fetch(`${authkit.url}/.well-known/${name}`)).json();
      expect(metadata.authorization_response_iss_parameter_supported).toBe(isSent ? true : undefined);
    }
  },
);

contract(
  "deviceLogin",
  "a device's user without an AuthKit session visits the Login URI, or is denied",
  { "login-uri": true, refused: false },
  async (start, isVisited) => {
    const authkit = await start();
    const connect = async (browser: Browser) => {
      const { body } = await post(authkit, "/oauth2/device_authorization", { client_id: PUBLIC });
      const page = await browser.request(String(body.verification_uri_complete));
      const confirm = await browser.submit(authkit, page, { user_code: String(body.user_code) });
      const next = await browser.submit(authkit, confirm, { confirm: "yes" });
      const poll = () =>
        post(authkit, "/oauth2/token", {
          grant_type: "urn:ietf:params:oauth:grant-type:device_code",
          device_code: String(body.device_code),
          client_id: PUBLIC,
        });
      return { next, poll };
    };
    const { next, poll } = await connect(new Browser());
    expect(isAtLoginUri(next.location)).toBe(isVisited);
    expect([next.status, next.text.includes("Sign in first")]).toEqual(
      isVisited ? [302, false] : [403, true],
    );
    expect((await poll()).body.error).toBe(isVisited ? "authorization_pending" : "access_denied");

    const signedIn = new Browser();
    await signIn(authkit, signedIn, authorization(authkit));
    expect((await connect(signedIn)).next.location).toContain(`${authkit.url}/oauth2/consent/`);
  },
);
