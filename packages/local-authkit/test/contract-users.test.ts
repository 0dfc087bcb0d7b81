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
  decode,
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  post,
  signIn,
  start,
  TENANT,
  tokensFor,
} from "./harness.js";

const US = { value: "us", label: "US" };
const FLAT = { ...TENANT, choices: [US] };

async function completeWith(authkit: LocalAuthKit, body: object, changes: Record<string, string> = {}) {
  const external_auth_id = await begin(new Browser(), authorization(authkit, changes));
  return complete(authkit, { external_auth_id, user: ADA, ...body });
}

async function errorsOf(authkit: LocalAuthKit, body: object) {
  const { status, body: answer } = await completeWith(authkit, body);
  return status === 422 ? answer.errors : status;
}

const refresh = (authkit: LocalAuthKit, refresh_token: unknown) =>
  post(authkit, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: String(refresh_token),
    client_id: PARTNER,
    client_secret: PARTNER_SECRET,
  });

contract<"userIdLength", number>(
  "userIdLength",
  "the application's id of a user has 128 characters at most, or 64",
  { "128": 128, "64": 64 },
  async (start, longest) => {
    const authkit = await start();
    expect((await completeWith(authkit, { user: { ...ADA, id: "i".repeat(longest) } })).status).toBe(200);
    expect(await errorsOf(authkit, { user: { ...ADA, id: "i".repeat(longest + 1) } })).toEqual([
      { field: "user.id", code: "too_long" },
    ]);
  },
);

contract<"metadataLimits", [number, boolean]>(
  "metadataLimits",
  "metadata has the limits of the OpenAPI document, or those of the guide",
  { openapi: [50, true], guide: [10, false] },
  async (start, [most, isAnyCharacter]) => {
    const authkit = await start();
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}`.padEnd(40, "k"), "v".repeat(600)]));
    const withMetadata = (metadata: object) => ({ user: { ...ADA, metadata } });
    expect(await errorsOf(authkit, withMetadata(pairs(most)))).toBe(200);
    expect(await errorsOf(authkit, withMetadata(pairs(most + 1)))).toEqual([
      { field: "user.metadata", code: "too_many_keys" },
    ]);
    expect(await errorsOf(authkit, withMetadata({ ["k".repeat(41)]: "v" }))).toEqual([
      { field: `user.metadata.${"k".repeat(41)}`, code: "key_too_long" },
    ]);
    expect(await errorsOf(authkit, withMetadata({ k: "v".repeat(601) }))).toEqual([
      { field: "user.metadata", code: "value_too_long" },
    ]);
    const notAscii = [{ field: "user.metadata.city", code: "not_ascii" }];
    expect(await errorsOf(authkit, withMetadata({ city: "Zürich" }))).toEqual(
      isAnyCharacter ? 200 : notAscii,
    );
    const notAsciiKey = [{ field: "user.metadata.größe", code: "not_ascii" }];
    expect(await errorsOf(authkit, withMetadata({ größe: "1" }))).toEqual(isAnyCharacter ? 200 : notAsciiKey);
  },
);

contract<"omittedProfile", object>(
  "omittedProfile",
  "what an update leaves out of the profile stays, or is cleared",
  {
    kept: {
      first_name: "Ada",
      last_name: "King",
      name: "Ada Lovelace",
      metadata: { plan: "paid", seat: "1" },
    },
    cleared: { first_name: null, last_name: "King", name: null, metadata: { plan: "paid" } },
  },
  async (start, profile) => {
    const authkit = await start();
    const show = async () => {
      const { id } = authkit.users.findByExternalId(ADA.id) ?? {};
      const headers = { authorization: `Bearer ${authkit.apiKey}` };
      return (await fetch(`${authkit.url}/user_management/users/${id}`, { headers })).json();
    };
    const named = { ...ADA, name: "Ada Lovelace", metadata: { plan: "free", seat: "1" } };
    await completeWith(authkit, { user: named });
    const { id, created_at } = await show();
    const { email } = ADA;
    await completeWith(authkit, {
      user: { id: ADA.id, email, last_name: "King", metadata: { plan: "paid" } },
    });
    expect(await show()).toMatchObject({ id, created_at, external_id: ADA.id, email, ...profile });
  },
);

contract(
  "emailChange",
  "a completion may change the user's e-mail address, or is refused",
  { allowed: 200, refused: 400 },
  async (start, changed) => {
    const authkit = await start();
    await completeWith(authkit, {});
    const { status, body } = await completeWith(authkit, { user: { ...ADA, email: "countess@example.com" } });
    expect(status).toBe(changed);
    if (changed === 400) {
      expect(body).toEqual({
        code: "email_change_not_allowed",
        message: "Request could not be processed.",
      });
    }
    const { email } = authkit.users.findByExternalId(ADA.id) ?? {};
    expect(email).toBe(changed === 200 ? "countess@example.com" : ADA.email);
    expect((await completeWith(authkit, { user: { ...ADA, email: email?.toUpperCase() } })).status).toBe(200);
  },
);

contract(
  "emailVerified",
  "email_verified of a completed user",
  { true: true, false: false },
  async (start, isVerified) => {
    const authkit = await start();
    const { body } = await tokensFor(authkit);
    expect(decode(body.id_token).claims.email_verified).toBe(isVerified);
    const info = await fetch(`${authkit.url}/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect((await info.json()).email_verified).toBe(isVerified);
    const user = await fetch(`${authkit.url}/user_management/users/external_id/${ADA.id}`, {
      headers: { authorization: `Bearer ${authkit.apiKey}` },
    });
    expect((await user.json()).email_verified).toBe(isVerified);
  },
);

contract(
  "groupedChoices",
  "choices in groups are taken, or refused as choices without a value",
  { accepted: true, refused: false },
  async (start, isTaken) => {
    const authkit = await start();
    const missing = ["0.value", "0.label", "1.value", "1.label"].map((member) => {
      return { field: `user_consent_options.0.choices.${member}`, code: "required" };
    });
    const grouped = await errorsOf(authkit, { user_consent_options: [TENANT] });
    expect(grouped).toEqual(isTaken ? 200 : missing);
    expect(await errorsOf(authkit, { user_consent_options: [FLAT] })).toBe(200);
  },
);

contract(
  "consentOptionChecks",
  "empty, repeated and mixed choices are refused, or taken as they are",
  { strict: true, loose: false },
  async (start, isStrict) => {
    const authkit = await start();
    const group = { group: "Group", choices: [US] };
    for (const [options, fault] of [
      [[{ ...FLAT, choices: [] }], { field: "user_consent_options.0.choices", code: "required" }],
      [[{ ...FLAT, label: "" }], { field: "user_consent_options.0.label", code: "required" }],
      [[{ ...FLAT, choices: [US, US] }], { field: "user_consent_options.0.choices", code: "not_unique" }],
      [
        [{ ...FLAT, choices: [US, group] }],
        { field: "user_consent_options.0.choices", code: "mixed_choices" },
      ],
      [[FLAT, FLAT], { field: "user_consent_options.1.claim", code: "not_unique" }],
    ] as const) {
      expect(await errorsOf(authkit, { user_consent_options: options })).toEqual(isStrict ? [fault] : 200);
    }
    if (isStrict) return;
    const mixed = { ...FLAT, choices: [{ value: "eu", label: "EU" }, group] };
    const { body } = await tokensFor(authkit, {}, { options: [mixed], choice: "us" });
    expect(decode(body.access_token).claims[FLAT.claim]).toBe("us");
  },
);

contract<"reservedClaims", string[]>(
  "reservedClaims",
  "claims that an option may not set",
  {
    "access-token": ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id", "scope", "org_id"],
    "jwt-template": ["iss", "sub", "exp", "iat", "nbf", "jti"],
    none: [],
  },
  async (start, reserved) => {
    const authkit = await start();
    const all = [
      "iss",
      "sub",
      "aud",
      "exp",
      "iat",
      "nbf",
      "jti",
      "sid",
      "client_id",
      "scope",
      "org_id",
      "plan",
    ];
    for (const claim of all) {
      const { status, body } = await completeWith(authkit, { user_consent_options: [{ ...FLAT, claim }] });
      const message = `Claim "${claim}" is reserved and cannot be used.`;
      if (reserved.includes(claim)) {
        expect([status, body]).toEqual([400, { error: "Bad Request", message }]);
      } else {
        expect([claim, status]).toEqual([claim, 200]);
      }
    }
  },
);

it("S-16 the claims that AuthKit sets stand, whatever an option was allowed to name", async () => {
  const authkit = await start({ switches: { reservedClaims: "none" } });
  const { body } = await tokensFor(authkit, {}, { options: [{ ...FLAT, claim: "sub" }], choice: "us" });
  expect(decode(body.access_token).claims.sub).toBe(authkit.users.findByExternalId(ADA.id)?.id);
});

contract(
  "firstPartyOptions",
  "options for a first-party application are refused, or ignored",
  { refused: 400, ignored: 200 },
  async (start, status) => {
    const client = { clientId: PARTNER, clientSecret: PARTNER_SECRET, name: "Own", firstParty: true };
    const authkit = await start({ clients: [{ ...client, redirectUris: [PARTNER_CALLBACK] }] });
    const browser = new Browser();
    const external_auth_id = await begin(browser, authorization(authkit));
    const answer = await complete(authkit, { external_auth_id, user: ADA, user_consent_options: [FLAT] });
    expect(answer.status).toBe(status);
    if (status === 400) {
      expect(answer.body).toEqual({
        code: "user_consent_options_not_supported",
        message: "Request could not be processed.",
      });
      expect((await completeWith(authkit, { user_consent_options: [] })).status).toBe(200);
    } else {
      const { location } = await browser.follow(authkit, answer.redirectUri);
      expect(location.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(true);
    }
  },
);

contract<"existingConsent", [boolean, boolean]>(
  "existingConsent",
  "an earlier consent is enough for its scopes, for any scopes, or for nothing",
  {
    "its-scopes": [false, true],
    "any-scopes": [false, false],
    nothing: [true, true],
  },
  async (start, [isAskedAgain, isAskedForMore]) => {
    const authkit = await start();
    const browser = new Browser();
    const asks = async (scope: string) =>
      (await browser.follow(authkit, authorization(authkit, { scope }).url)).text.includes('id="consent"');
    const { body } = await tokensFor(authkit, { scope: "openid email" }, { browser });
    expect(await asks("openid")).toBe(isAskedAgain);
    expect(await asks("openid email")).toBe(isAskedAgain);
    expect(await asks("openid profile")).toBe(isAskedForMore);

    // However it was given: one consent.
    const page = await browser.follow(authkit, authorization(authkit, { scope: "openid profile" }).url);
    await allow(authkit, browser, page);
    const { id } = authkit.users.findByExternalId(ADA.id) ?? {};
    const listed = await fetch(`${authkit.url}/user_management/users/${id}/authorized_applications`, {
      headers: { authorization: `Bearer ${authkit.apiKey}` },
    });
    const { data } = await listed.json();
    expect(data).toHaveLength(1);
    expect(data[0].granted_scopes.sort()).toEqual(["email", "openid", "profile"]);
    expect(decode(body.access_token).claims.sid).toMatch(/^app_consent_/);
  },
);

it("D-4 first-party applications ask for no consent, whatever an earlier one is enough for", async () => {
  const client = { clientId: PARTNER, clientSecret: PARTNER_SECRET, name: "Own", firstParty: true };
  const authkit = await start({
    clients: [{ ...client, redirectUris: [PARTNER_CALLBACK] }],
    switches: { existingConsent: "nothing" },
  });
  const { location } = await signIn(authkit, new Browser(), authorization(authkit));
  expect(location.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(true);
});

contract(
  "optionsAfterConsent",
  "options are asked for again though an earlier consent is enough, or skipped",
  { asked: true, skipped: false },
  async (start, isAsked) => {
    const authkit = await start({ switches: { loginUriVisit: "always" } });
    const browser = new Browser();
    const options = [FLAT];
    // At the first consent they are asked for in any case.
    const { body } = await tokensFor(authkit, { scope: "openid" }, { browser, options, choice: "us" });
    expect(decode(body.access_token).claims[FLAT.claim]).toBe("us");
    const page = await signIn(authkit, browser, authorization(authkit, { scope: "openid" }), { options });
    expect(page.text.includes('name="option:0"')).toBe(isAsked);
    expect(page.location.startsWith(`${PARTNER_CALLBACK}?code=`)).toBe(!isAsked);

    const wider = await signIn(authkit, browser, authorization(authkit), { options });
    expect(wider.text).toContain('name="option:0"');
  },
);

it("S-11 where options are skipped, the last choice stands", async () => {
  const authkit = await start({
    switches: { loginUriVisit: "always", optionsAfterConsent: "skipped" },
  });
  const browser = new Browser();
  await tokensFor(authkit, {}, { browser, options: [FLAT], choice: "us" });
  const other = { ...FLAT, choices: [{ value: "eu", label: "EU" }] };
  const { body } = await tokensFor(authkit, {}, { browser, options: [other] });
  expect(decode(body.access_token).claims[FLAT.claim]).toBe("us");
});

contract(
  "claimsOnRefresh",
  "chosen values stay across refresh, or are dropped",
  { kept: "us", dropped: undefined },
  async (start, value) => {
    const authkit = await start();
    const { body } = await tokensFor(authkit, {}, { options: [FLAT], choice: "us" });
    const { claims } = decode(body.access_token);
    expect(claims[FLAT.claim]).toBe("us");
    let { refresh_token } = body;
    for (let i = 0; i < 2; i += 1) {
      const renewed = await refresh(authkit, refresh_token);
      const next = decode(renewed.body.access_token).claims;
      expect([next[FLAT.claim], next.sub, next.sid]).toEqual([value, claims.sub, claims.sid]);
      expect(next.jti).not.toBe(claims.jti);
      refresh_token = renewed.body.refresh_token;
    }
  },
);

contract<"subject", RegExp>(
  "subject",
  "sub is AuthKit's own id, or the application's",
  { workos: /^user_[0-9A-HJKMNP-TV-Z]{26}$/, external: /^app-1$/ },
  async (start, form) => {
    const authkit = await start();
    const { body } = await tokensFor(authkit);
    const { sub } = decode(body.access_token).claims;
    expect(sub).toMatch(form);
    expect(decode(body.id_token).claims.sub).toBe(sub);
    const info = await fetch(`${authkit.url}/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect((await info.json()).sub).toBe(sub);
    const renewed = await refresh(authkit, body.refresh_token);
    expect(decode(renewed.body.access_token).claims.sub).toBe(sub);
  },
);

contract<"deletedAuthorization", [number, boolean]>(
  "deletedAuthorization",
  "refresh tokens of an authorization that was deleted end, or stay",
  { end: [400, false], stay: [200, true] },
  async (start, [status, isActive]) => {
    const authkit = await start();
    const browser = new Browser();
    const { body } = await tokensFor(authkit, {}, { browser, options: [FLAT], choice: "us" });
    const { id } = authkit.users.findByExternalId(ADA.id) ?? {};
    const address = `${authkit.url}/user_management/users/${id}/authorized_applications/${PARTNER}`;
    const headers = { authorization: `Bearer ${authkit.apiKey}` };
    expect((await fetch(address, { method: "DELETE", headers })).status).toBe(204);
    expect((await fetch(address, { method: "DELETE", headers })).status).toBe(404);

    const told = await post(authkit, "/oauth2/introspection", {
      token: String(body.access_token),
      client_id: PARTNER,
      client_secret: PARTNER_SECRET,
    });
    expect(told.body.active).toBe(isActive);
    const renewed = await refresh(authkit, body.refresh_token);
    expect(renewed.status).toBe(status);
    if (status === 200) {
      const { claims } = decode(renewed.body.access_token);
      expect(claims).toMatchObject({ sid: decode(body.access_token).claims.sid, [FLAT.claim]: "us" });
    }
    // The user is asked again in any case.
    expect((await browser.follow(authkit, authorization(authkit).url)).text).toContain('id="consent"');
  },
);

it("S-13 a user whose address is locked can't change it, and nobody else is concerned", async () => {
  const authkit = await start({ users: [{ id: ADA.id, email: ADA.email, emailLocked: true }] });
  const changed = await completeWith(authkit, { user: { ...ADA, email: "countess@example.com" } });
  expect([changed.status, changed.body.code]).toEqual([400, "email_change_not_allowed"]);
  expect((await completeWith(authkit, {})).status).toBe(200);
  await completeWith(authkit, { user: BOB });
  expect((await completeWith(authkit, { user: { ...BOB, email: "robert@example.com" } })).status).toBe(200);
});
