import { describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
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
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  PUBLIC,
  post,
  signIn,
  start,
  TENANT,
  tokensFor,
} from "./harness.js";

const stepsOf = (authkit: LocalAuthKit, index = 0) => authkit.logins[index]?.steps.map(({ type }) => type);
const lastOf = (authkit: LocalAuthKit, index = 0) => authkit.logins[index]?.steps.at(-1);

const WHOLE_LOGIN = [
  "requested",
  "sent_to_login_uri",
  "completed",
  "returned",
  "consent_shown",
  "consent_allowed",
  "code_issued",
  "tokens_issued",
];

const confidential = { clientId: PARTNER, clientSecret: PARTNER_SECRET, name: "Acme Reports" };

function refresh(authkit: LocalAuthKit, token: unknown) {
  return post(authkit, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: String(token),
    client_id: PARTNER,
    client_secret: PARTNER_SECRET,
  });
}

describe("the log of logins", () => {
  it("has each step of a login, through all of oidc-provider's interactions, as one entry", async () => {
    const now = Date.parse("2026-03-01T10:00:00.000Z");
    const resource = "https://api.example.com";
    const authkit = await start({ resources: [resource] }, { clock: () => now });
    const { body } = await tokensFor(authkit, { resource }, { options: [TENANT], choice: "prod_us" });

    expect(authkit.logins).toHaveLength(1);
    const [login] = authkit.logins;
    expect(login).toMatchObject({
      id: expect.stringMatching(/^login_[0-9A-Z]{26}$/),
      kind: "login",
      at: "2026-03-01T10:00:00.000Z",
      client: { id: PARTNER, name: "Acme Reports" },
      user: { id: ADA.id, email: ADA.email },
      omitted: 0,
    });
    expect(stepsOf(authkit)).toEqual(WHOLE_LOGIN);
    expect(login?.steps.every(({ at }) => at === "2026-03-01T10:00:00.000Z")).toBe(true);
    expect(login?.steps[0]).toMatchObject({
      scopes: ["openid", "profile", "email", "offline_access"],
      resource,
    });
    expect(login?.steps[2]).toMatchObject({ user: ADA.id, options: [TENANT.claim] });
    expect(login?.steps[5]).toMatchObject({ chosen: { [TENANT.claim]: "prod_us" } });
    expect(login?.steps[7]).toMatchObject({
      grant: "authorization_code",
      tokens: ["access_token", "id_token", "refresh_token"],
      claims: { access_token: decode(body.access_token).claims, id_token: decode(body.id_token).claims },
    });
  });

  it("has the organization that was picked", async () => {
    const organizations = ["org_acme", "org_globex"].map((id) => ({ id, name: id, members: [ADA.id] }));
    const authkit = await start({ organizations });
    const browser = new Browser();
    const picker = await signIn(authkit, browser, authorization(authkit));
    await browser.submit(authkit, picker, { organization_id: "org_nobodys" });
    const { location } = await browser.submit(authkit, picker, { organization_id: "org_globex" });
    await browser.follow(authkit, location);
    expect(stepsOf(authkit)?.slice(3)).toEqual([
      "returned",
      "organizations_shown",
      "organization_chosen",
      "consent_shown",
    ]);
    expect(authkit.logins[0]?.steps[5]).toMatchObject({ organizationId: "org_globex" });
  });

  it("has no resource where none was asked for", async () => {
    const authkit = await start({ resources: ["https://api.example.com"] });
    await begin(new Browser(), authorization(authkit));
    expect(authkit.logins[0]?.steps[0]).not.toHaveProperty("resource");
  });

  it("tells the time of the AuthKit's clock", async () => {
    const authkit = await start();
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    authkit.clock.advance("2m");
    await complete(authkit, { external_auth_id, user: ADA });
    const [first, , last] = authkit.logins[0]?.steps.map(({ at }) => Date.parse(at)) ?? [];
    expect(Number(last) - Number(first)).toBeGreaterThanOrEqual(120_000);
  });

  it("follows a browser with an AuthKit session, with and without a consent page", async () => {
    const authkit = await start();
    const browser = new Browser();
    await tokensFor(authkit, {}, { browser });
    await tokensFor(authkit, { client_id: PUBLIC }, { browser }).catch(() => {});
    const request = authorization(authkit, { client_id: PUBLIC });
    const page = await browser.follow(authkit, request.url);
    const callback = await allow(authkit, browser, page);
    await exchange(authkit, request, callback.searchParams.get("code"));
    expect(stepsOf(authkit)).toEqual([
      "requested",
      "session_used",
      "consent_shown",
      "consent_allowed",
      "code_issued",
      "tokens_issued",
    ]);
    expect(authkit.logins[0]?.user?.id).toBe(ADA.id);

    const again = authorization(authkit);
    const { location } = await browser.request(again.url);
    await exchange(authkit, again, new URL(location).searchParams.get("code"));
    expect(stepsOf(authkit)).toEqual([
      "requested",
      "session_used",
      "consent_skipped",
      "code_issued",
      "tokens_issued",
    ]);
    expect(authkit.logins[0]?.steps[2]).toMatchObject({ reason: "allowed_before" });
  });

  it("says why a first-party application asks nobody", async () => {
    const authkit = await start({
      clients: [{ ...confidential, redirectUris: [PARTNER_CALLBACK], firstParty: true }],
    });
    await tokensFor(authkit);
    expect(authkit.logins[0]?.steps[4]).toMatchObject({ type: "consent_skipped", reason: "first_party" });
  });

  it("keeps two logins of one browser apart", async () => {
    const authkit = await start();
    const browser = new Browser();
    const one = authorization(authkit);
    const other = authorization(authkit);
    const ids = [await begin(browser, one), await begin(browser, other)];
    for (const [index, user] of [ADA, BOB].entries()) {
      const { redirectUri } = await complete(authkit, { external_auth_id: ids[index], user });
      const page = await browser.follow(authkit, redirectUri);
      await allow(authkit, browser, page);
    }
    expect(authkit.logins.map(({ user }) => user?.id)).toEqual([BOB.id, ADA.id]);
    expect([stepsOf(authkit, 0), stepsOf(authkit, 1)]).toEqual([
      WHOLE_LOGIN.slice(0, 7),
      WHOLE_LOGIN.slice(0, 7),
    ]);
  });

  it("goes on where the switches change, and oidc-provider with them", async () => {
    const authkit = await start();
    const browser = new Browser();
    const request = authorization(authkit);
    const external_auth_id = await begin(browser, request);
    authkit.setSwitches({ emailVerified: "false" });
    const { redirectUri } = await complete(authkit, { external_auth_id, user: ADA });
    const callback = await allow(authkit, browser, await browser.follow(authkit, redirectUri));
    authkit.setSwitches({ emailVerified: "true" });
    await exchange(authkit, request, callback.searchParams.get("code"));
    expect(authkit.logins).toHaveLength(1);
    expect(stepsOf(authkit)).toEqual(WHOLE_LOGIN);
  });

  it("adds refreshes to the login they come from, and the use of one a second time", async () => {
    const authkit = await start();
    const { body } = await tokensFor(authkit);
    const fresh = await refresh(authkit, body.refresh_token);
    await refresh(authkit, fresh.body.refresh_token);
    await refresh(authkit, fresh.body.refresh_token);
    expect(authkit.logins).toHaveLength(1);
    expect(authkit.logins[0]?.steps.slice(8)).toMatchObject([
      { type: "tokens_issued", grant: "refresh_token" },
      { type: "tokens_issued", grant: "refresh_token" },
      { type: "error", during: "token", code: "invalid_grant" },
    ]);
  });

  it("has a consent page once, however often it is loaded, and the refusal of the user", async () => {
    const authkit = await start();
    const browser = new Browser();
    const page = await signIn(authkit, browser, authorization(authkit));
    await browser.request(page.url);
    const denied = await browser.submit(authkit, page, { decision: "deny" });
    await browser.follow(authkit, denied.location);
    expect(authkit.logins[0]?.steps.slice(4)).toMatchObject([
      { type: "consent_shown" },
      { type: "consent_denied" },
      { type: "error", during: "authorization", code: "access_denied" },
    ]);
  });

  it("has a device's login as one entry, its waiting left out", async () => {
    const device = { clientId: "device", name: "Device", redirectUris: ["http://localhost/callback"] };
    const authkit = await start({ clients: [device] });
    const ask = async (path: string, fields: Record<string, string>) =>
      (await post(authkit, path, { client_id: "device", ...fields })).body;
    const code = await ask("/oauth2/device_authorization", { scope: "openid" });
    const poll = () =>
      ask("/oauth2/token", {
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: String(code.device_code),
      });
    expect((await poll()).error).toBe("authorization_pending");

    const browser = new Browser();
    const enter = await browser.request(String(code.verification_uri));
    const confirm = await browser.submit(authkit, enter, { user_code: String(code.user_code) });
    const { location } = await browser.submit(authkit, confirm, { confirm: "yes" });
    const external_auth_id = new URL(location).searchParams.get("external_auth_id");
    const { redirectUri } = await complete(authkit, { external_auth_id, user: ADA });
    const answer = await browser.submit(authkit, await browser.follow(authkit, redirectUri), {
      decision: "allow",
    });
    await browser.follow(authkit, answer.location);
    await poll();

    expect(authkit.logins).toHaveLength(1);
    expect(authkit.logins[0]).toMatchObject({
      kind: "device",
      client: { id: "device" },
      user: { id: ADA.id },
    });
    expect(stepsOf(authkit)).toEqual([...WHOLE_LOGIN.slice(0, 6), "device_confirmed", "tokens_issued"]);
  });

  it("has what a device's user cancelled", async () => {
    const device = { clientId: "device", name: "Device", redirectUris: ["http://localhost/callback"] };
    const authkit = await start({ clients: [device] });
    const { body } = await post(authkit, "/oauth2/device_authorization", { client_id: "device" });
    const browser = new Browser();
    const enter = await browser.request(String(body.verification_uri));
    const confirm = await browser.submit(authkit, enter, { user_code: String(body.user_code) });
    await browser.submit(authkit, confirm, { abort: "yes" });
    expect(lastOf(authkit)).toMatchObject({ type: "error", during: "device", code: "access_denied" });
    expect(authkit.logins).toHaveLength(1);
  });

  it("has what switches let end on a page: a denial, and a device's user without a session", async () => {
    const device = { clientId: "device", name: "Device", redirectUris: ["http://localhost/callback"] };
    const authkit = await start({ clients: [{ ...confidential, redirectUris: [PARTNER_CALLBACK] }, device] });
    authkit.setSwitches({ deniedConsent: "page", deviceLogin: "refused" });
    const browser = new Browser();
    const page = await signIn(authkit, browser, authorization(authkit));
    await browser.submit(authkit, page, { decision: "deny" });
    expect(lastOf(authkit)).toMatchObject({ type: "consent_denied" });

    const { body } = await post(authkit, "/oauth2/device_authorization", { client_id: "device" });
    const other = new Browser();
    const enter = await other.request(String(body.verification_uri));
    const confirm = await other.submit(authkit, enter, { user_code: String(body.user_code) });
    await other.submit(authkit, confirm, { confirm: "yes" });
    expect(lastOf(authkit)).toMatchObject({ type: "error", during: "device", code: "access_denied" });
  });

  it("has machine-to-machine tokens as entries of their own", async () => {
    const machine = { ...confidential, redirectUris: [], grantTypes: ["client_credentials" as const] };
    const authkit = await start({ clients: [machine] });
    const credentials = { client_id: PARTNER, client_secret: PARTNER_SECRET };
    await post(authkit, "/oauth2/token", { grant_type: "client_credentials", ...credentials });
    await post(authkit, "/oauth2/token", {
      grant_type: "client_credentials",
      ...credentials,
      client_secret: "wrong",
    });
    expect(authkit.logins).toMatchObject([
      { kind: "m2m", steps: [{ type: "error", during: "token", code: "invalid_client" }] },
      { kind: "m2m", client: { id: PARTNER }, steps: [{ type: "tokens_issued", tokens: ["access_token"] }] },
    ]);
  });
});

describe("errors in the log of logins", () => {
  it.each([
    ["a client that nobody knows", { client_id: "client_unknown" }, "application_not_found"],
    ["a scope that is not the client's", { scope: "openid admin" }, "invalid_scope"],
    ["a public client without PKCE", { client_id: PUBLIC, code_challenge: undefined }, "invalid_request"],
  ])(
    "are those of an authorization request: %s",
    async (_, changes: Record<string, string | undefined>, code) => {
      const authkit = await start();
      await new Browser().request(authorization(authkit, changes).url);
      expect(authkit.logins).toMatchObject([
        {
          kind: "login",
          client: { id: changes.client_id ?? PARTNER },
          steps: [{ type: "requested" }, { type: "error", during: "authorization", code }],
        },
      ]);
    },
  );

  it("are those of a missing Login URI", async () => {
    const authkit = await start({ loginUri: undefined });
    await new Browser().request(authorization(authkit).url);
    expect(lastOf(authkit)).toMatchObject({ type: "error", code: "login_uri_missing" });
  });

  it("are a completion's: the code, and the members at fault, but no value", async () => {
    const authkit = await start();
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    await complete(authkit, { external_auth_id, user: ADA }, { authorization: "Bearer sk_test_wrong" });
    expect(lastOf(authkit)).toMatchObject({ during: "completion", code: "unauthorized", status: 401 });
    await complete(authkit, { external_auth_id, user: { ...ADA, email: "not an address" } });
    expect(lastOf(authkit)).toMatchObject({ during: "completion", code: "invalid_email", status: 400 });
    const metadata = { ["k3y".repeat(20)]: "v4lue" };
    await complete(authkit, { external_auth_id, user: { email: "s3cr3t", metadata } });
    expect(lastOf(authkit)).toMatchObject({
      status: 422,
      fields: ["user.id: required", "user.metadata: key_too_long"],
    });
    expect(JSON.stringify(authkit.logins)).not.toMatch(/s3cr3t|k3y|v4lue|not an address|sk_test/);
    await complete(authkit, { external_auth_id, user: ADA });
    await complete(authkit, { external_auth_id, user: ADA });
    expect(lastOf(authkit)).toMatchObject({ code: "external_auth_session_already_completed" });
    expect(authkit.logins).toHaveLength(1);

    await complete(authkit, { external_auth_id: "ext_auth_unknown", user: ADA });
    expect(authkit.logins[0]).toMatchObject({ kind: "request", steps: [{ code: "not_found", status: 404 }] });
  });

  it("are those of the way back: another browser's, in the login that it is of", async () => {
    const authkit = await start();
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    const { redirectUri } = await complete(authkit, { external_auth_id, user: ADA });
    await new Browser().request(redirectUri);
    expect(authkit.logins).toHaveLength(1);
    expect(lastOf(authkit)).toMatchObject({ type: "error", during: "return", code: "other_browser" });
  });

  it("are those of a code: wrong, used twice, of a client with another secret", async () => {
    const authkit = await start();
    const browser = new Browser();
    const request = authorization(authkit);
    const code = (await allow(authkit, browser, await signIn(authkit, browser, request))).searchParams.get(
      "code",
    );
    await exchange(authkit, request, code, { client_secret: "wrong" });
    await exchange(authkit, request, code);
    await exchange(authkit, request, code);
    expect(authkit.logins[0]?.steps.slice(7)).toMatchObject([
      { type: "error", during: "token", code: "invalid_client" },
      { type: "tokens_issued" },
      { type: "error", during: "token", code: "invalid_grant" },
    ]);
    await exchange(authkit, request, "a code that nobody issued");
    expect(authkit.logins[0]).toMatchObject({ kind: "request", steps: [{ code: "invalid_grant" }] });
  });
});

it("keeps nothing that could be used", async () => {
  const authkit = await start();
  const browser = new Browser();
  const request = authorization(authkit);
  const external_auth_id = await begin(browser, request);
  const { redirectUri } = await complete(authkit, { external_auth_id, user: ADA });
  const callback = await allow(authkit, browser, await browser.follow(authkit, redirectUri));
  const code = callback.searchParams.get("code");
  const { body } = await exchange(authkit, request, code);
  const { body: fresh } = await refresh(authkit, body.refresh_token);
  const cookies = (await browser.jar.getCookies(authkit.url)).map(({ value }) => value);

  const log = JSON.stringify(authkit.logins);
  const secrets = [
    ...[body.access_token, body.id_token, body.refresh_token, fresh.access_token, fresh.refresh_token, code],
    ...[external_auth_id, new URL(redirectUri).searchParams.get("state"), request.verifier],
    ...[PARTNER_SECRET, authkit.apiKey, ...cookies],
  ];
  expect(secrets.length).toBeGreaterThan(11);
  for (const secret of secrets) {
    expect(String(secret).length).toBeGreaterThan(9);
    expect(log).not.toContain(String(secret));
  }
});

it("keeps the last 200 logins, and the last hundred steps of each after the first", async () => {
  const authkit = await start();
  const { body } = await tokensFor(authkit);
  const { id } = authkit.logins[0] ?? {};
  for (let times = 0; times < 100; times += 1) await refresh(authkit, `${body.refresh_token}`);
  expect(authkit.logins[0]).toMatchObject({
    id,
    omitted: 8,
    steps: expect.objectContaining({ length: 100 }),
  });
  expect(authkit.logins[0]?.steps[0]?.type).toBe("requested");

  for (let times = 0; times < 200; times += 1) {
    await new Browser().request(authorization(authkit, { client_id: "x".repeat(5000) }).url);
  }
  expect(authkit.logins).toHaveLength(200);
  expect(authkit.logins.map((login) => login.id)).not.toContain(id);
  expect(authkit.logins[0]?.client?.id.length).toBeLessThan(1000);
});

it("gives copies, which change nothing", async () => {
  const authkit = await start();
  await begin(new Browser(), authorization(authkit));
  authkit.logins[0]?.steps.pop();
  expect(stepsOf(authkit)).toEqual(["requested", "sent_to_login_uri"]);
});

it("is given to who has the API key", async () => {
  const authkit = await start();
  await begin(new Browser(), authorization(authkit));
  const ask = (key: string) =>
    fetch(`${authkit.url}/_local/logins`, { headers: { authorization: `Bearer ${key}` } });
  expect((await ask("sk_test_other")).status).toBe(401);
  expect(await (await ask(authkit.apiKey)).json()).toEqual({ data: authkit.logins });
});
