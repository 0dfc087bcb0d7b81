import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";

import type { LocalAuthKitOptions } from "../src/config.js";
import type { LocalAuthKit } from "../src/server.js";
import { api } from "./api.js";
import {
  ADA,
  type Answer,
  allow,
  authorization,
  BOB,
  Browser,
  decode,
  exchange,
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  PUBLIC,
  post,
  readForm,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const ACME = { id: "org_acme", name: "Acme", members: [ADA.id] };
const GLOBEX = { id: "org_globex", name: `Globex <script>alert("1")</script>`, members: [ADA.id, BOB.id] };
const INITECH = { id: "org_initech", name: "Initech", members: [] };
const organizations = [ACME, GLOBEX, INITECH];

const words = (html: string) => parse(html).querySelector("main")?.structuredText.replace(/\s+/g, " ") ?? "";
const isPicker = ({ text }: { text: string }) => text.includes("Choose an organization");

async function pick(server: LocalAuthKit, browser: Browser, page: Answer, organization_id: string) {
  const answer = await browser.submit(server, page, { organization_id });
  if (answer.status !== 303) throw new Error(`the picker answered ${answer.status}: ${answer.text}`);
  return browser.follow(server, answer.location);
}

/** The whole way to tokens, with a picker on it. */
async function tokensIn(
  server: LocalAuthKit,
  organizationId: string,
  changes: Record<string, string | undefined> = {},
  login: Parameters<typeof signIn>[3] = {},
) {
  const [browser, request] = [new Browser(), authorization(server, changes)];
  const picker = await signIn(server, browser, request, login);
  const page = await pick(server, browser, picker, organizationId);
  const callback = await allow(server, browser, page);
  return { browser, ...(await exchange(server, request, callback.searchParams.get("code"))) };
}

const refresh = (server: LocalAuthKit, refresh_token: unknown) =>
  post(server, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: String(refresh_token),
    client_id: PARTNER,
    client_secret: PARTNER_SECRET,
  });

const introspect = async (server: LocalAuthKit, token: unknown) =>
  (
    await post(server, "/oauth2/introspection", {
      token: String(token),
      client_id: PARTNER,
      client_secret: PARTNER_SECRET,
    })
  ).body;

const orgOf = (token: unknown) => decode(token).claims.org_id;

const startWith = (options: LocalAuthKitOptions = {}) => start({ organizations, ...options });

const FIRST_PARTY: LocalAuthKitOptions = {
  clients: [
    {
      clientId: PARTNER,
      clientSecret: PARTNER_SECRET,
      name: "Own App",
      redirectUris: [PARTNER_CALLBACK],
      firstParty: true,
    },
  ],
};

describe("a user of one organization", () => {
  it("has it in tokens without being asked, and sees it when asked for consent", async () => {
    const server = await startWith();
    const browser = new Browser();
    const request = authorization(server);
    const page = await signIn(server, browser, request, { user: BOB });
    expect(isPicker(page)).toBe(false);
    expect(words(page.text)).toContain(`Signed in as Bob (bob@example.com) for ${GLOBEX.name}`);
    const callback = await allow(server, browser, page);
    const { body } = await exchange(server, request, callback.searchParams.get("code"));
    expect(orgOf(body.access_token)).toBe(GLOBEX.id);
    for (const token of [body.access_token, body.refresh_token]) {
      expect(await introspect(server, token)).toMatchObject({ active: true, org_id: GLOBEX.id });
    }
    expect(orgOf(body.id_token)).toBeUndefined();
  });
});

describe("a user of no organization", () => {
  it("is asked for none and has none", async () => {
    const server = await startWith();
    const user = { id: "app-9", email: "nobody@example.com" };
    const { body } = await tokensFor(server, {}, { user });
    expect(decode(body.access_token).claims).not.toHaveProperty("org_id");
    expect(await introspect(server, body.access_token)).not.toHaveProperty("org_id");
  });
});

describe("a user of several organizations", () => {
  it("D-3 picks one of them, before consent", async () => {
    const server = await startWith();
    const browser = new Browser();
    const request = authorization(server);
    const page = await signIn(server, browser, request);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const root = parse(page.text);
    expect(root.querySelector("script")).toBeNull();
    expect(words(page.text)).toContain("Signed in as Ada Lovelace (ada@example.com)");
    const labels = root.querySelectorAll("label");
    expect(labels.map((label) => label.text.trim())).toEqual([ACME.name, GLOBEX.name]);
    const radios = root.querySelectorAll('label input[type="radio"][name="organization_id"][required]');
    expect(radios.map((radio) => radio.getAttribute("value"))).toEqual([ACME.id, GLOBEX.id]);
    const group = root.querySelector('[role="radiogroup"]');
    const labelledBy = group?.getAttribute("aria-labelledby");
    expect(root.querySelector(`#${labelledBy}`)?.text).toBe("Choose an organization");

    const consent = await pick(server, browser, page, ACME.id);
    expect(words(consent.text)).toContain("Signed in as Ada Lovelace (ada@example.com) for Acme");
    const callback = await allow(server, browser, consent);
    const { body } = await exchange(server, request, callback.searchParams.get("code"));
    expect(orgOf(body.access_token)).toBe(ACME.id);
    expect(await introspect(server, body.refresh_token)).toMatchObject({ org_id: ACME.id });
  });

  it("keeps it across refresh, even when memberships change", async () => {
    const server = await startWith();
    const { body } = await tokensIn(server, GLOBEX.id);
    server.reconfigure({ organizations: [ACME] });
    const { body: next } = await refresh(server, body.refresh_token);
    expect(orgOf(next.access_token)).toBe(GLOBEX.id);
    expect(orgOf((await refresh(server, next.refresh_token)).body.access_token)).toBe(GLOBEX.id);
  });

  it("is asked anew at each authorization, and each grant has its own", async () => {
    const server = await startWith();
    const { browser, body } = await tokensIn(server, ACME.id);
    const request = authorization(server);
    const page = await browser.follow(server, request.url);
    expect(isPicker(page)).toBe(true);
    // Consent is there already.
    const { location } = await pick(server, browser, page, GLOBEX.id);
    const again = await exchange(server, request, new URL(location).searchParams.get("code"));
    expect(orgOf(again.body.access_token)).toBe(GLOBEX.id);
    expect(orgOf((await refresh(server, body.refresh_token)).body.access_token)).toBe(ACME.id);
  });

  it("picks one for first-party applications, too", async () => {
    const server = await startWith(FIRST_PARTY);
    const [browser, request] = [new Browser(), authorization(server)];
    const page = await signIn(server, browser, request);
    expect(isPicker(page)).toBe(true);
    // Nothing is authorized before.
    const user = server.users.findByExternalId(ADA.id)?.id;
    const path = `/user_management/users/${user}/authorized_applications`;
    expect((await api(server, "GET", path)).body.data).toEqual([]);
    const { location } = await pick(server, browser, page, GLOBEX.id);
    const { body } = await exchange(server, request, new URL(location).searchParams.get("code"));
    expect(orgOf(body.access_token)).toBe(GLOBEX.id);
  });

  it("keeps the options of the login on the way over the picker", async () => {
    const server = await startWith();
    const options = [
      { claim: "urn:example:plan", type: "enum", label: "Plan", choices: [{ value: "free", label: "Free" }] },
    ];
    const [browser, request] = [new Browser(), authorization(server)];
    const picker = await signIn(server, browser, request, { options });
    const page = await pick(server, browser, picker, ACME.id);
    const callback = await allow(server, browser, page, { "option:0": "free" });
    const { body } = await exchange(server, request, callback.searchParams.get("code"));
    expect(decode(body.access_token).claims).toMatchObject({ org_id: ACME.id, "urn:example:plan": "free" });
  });

  it("can't go on without a choice, nor with an organization of others", async () => {
    const server = await startWith();
    const [browser, request] = [new Browser(), authorization(server)];
    const page = await signIn(server, browser, request);
    const bodies = ["", INITECH.id, "org_none", `${ACME.id}&organization_id=${GLOBEX.id}`];
    for (const value of bodies) {
      const { action, hidden } = readForm(page.text);
      const answer = await browser.request(new URL(action, server.url), {
        method: "POST",
        body: `csrf_token=${hidden.csrf_token}&organization_id=${value}`,
      });
      expect([answer.status, isPicker(answer)]).toEqual([400, true]);
      expect(parse(answer.text).querySelector('[role="alert"]')?.text).toBe(
        "Choose one of your organizations to go on.",
      );
    }
    expect(isPicker(await browser.follow(server, new URL(readForm(page.text).action, server.url)))).toBe(
      true,
    );
  });

  it("answers on the picker's own form only, in the browser that it was shown in", async () => {
    const server = await startWith();
    const [browser, request] = [new Browser(), authorization(server)];
    const page = await signIn(server, browser, request);
    const fields = { organization_id: ACME.id };
    for (const [changes, headers] of [
      [{ csrf_token: "guess" }, {}],
      [{}, { "sec-fetch-site": "cross-site" }],
      [{}, { origin: "https://evil.example.com" }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const answer = await browser.submit(server, page, { ...fields, ...changes }, headers);
      expect(answer.status).toBe(403);
    }
    expect((await new Browser().submit(server, page, fields)).status).toBe(400);
    // The address of the one page is not the other's.
    const picker = new URL(readForm(page.text).action, server.url).href;
    const consent = picker.replace("/organization/", "/consent/");
    const cookie = await browser.jar.getCookieString(picker);
    const answer = await fetch(consent, { headers: { cookie } });
    expect([answer.status, (await fetch(picker, { headers: { cookie } })).status]).toEqual([400, 200]);
    expect((await browser.submit(server, page, fields)).status).toBe(303);
  });

  it("can't be signed in silently", async () => {
    const server = await startWith();
    const { browser } = await tokensIn(server, ACME.id);
    const { location } = await browser.request(authorization(server, { prompt: "none" }).url);
    expect(new URL(location).searchParams.get("error")).toBe("interaction_required");
  });

  it("D-3 sees no picker and has no organization where that is skipped", async () => {
    const server = await startWith({ switches: { organizationPicker: "skipped" } });
    const { body } = await tokensFor(server);
    expect(decode(body.access_token).claims).not.toHaveProperty("org_id");
    const bobs = await tokensFor(server, {}, { user: BOB });
    expect(orgOf(bobs.body.access_token)).toBe(GLOBEX.id);
  });

  it("picks one for a device", async () => {
    const server = await startWith();
    const { body } = await post(server, "/oauth2/device_authorization", {
      client_id: PUBLIC,
      scope: "openid",
    });
    const browser = new Browser();
    const entry = await browser.request(String(body.verification_uri_complete));
    const confirm = await browser.submit(server, entry, { user_code: String(body.user_code) });
    const begun = await browser.submit(server, confirm, { confirm: "yes" });
    const external_auth_id = new URL(begun.location).searchParams.get("external_auth_id");
    const completed = await api<{ redirect_uri: string }>(server, "POST", "/authkit/oauth2/complete", {
      external_auth_id,
      user: ADA,
    });
    const picker = await browser.follow(server, completed.body.redirect_uri);
    const page = await pick(server, browser, picker, GLOBEX.id);
    const allowed = await browser.submit(server, page, { decision: "allow" });
    await browser.follow(server, allowed.location);
    const tokens = await post(server, "/oauth2/token", {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: String(body.device_code),
      client_id: PUBLIC,
    });
    expect(orgOf(tokens.body.access_token)).toBe(GLOBEX.id);
  });
});

describe("a machine of an organization", () => {
  it("has it in its tokens", async () => {
    const client_id = "client_machine";
    const client_secret = "secret_machine";
    const server = await startWith({
      clients: [
        {
          clientId: client_id,
          clientSecret: client_secret,
          name: "Nightly",
          redirectUris: [],
          grantTypes: ["client_credentials"],
          organizationId: ACME.id,
        },
      ],
    });
    const asker = { client_id, client_secret };
    const { body } = await post(server, "/oauth2/token", { grant_type: "client_credentials", ...asker });
    expect(orgOf(body.access_token)).toBe(ACME.id);
    const told = await post(server, "/oauth2/introspection", { token: String(body.access_token), ...asker });
    expect(told.body.org_id).toBe(ACME.id);
    const shown = await api(server, "GET", `/connect/applications/${client_id}`);
    expect(shown.body).toMatchObject({ application_type: "m2m", organization_id: ACME.id });
  });
});

describe("permissions", () => {
  it("are named on the consent page", async () => {
    const server = await start({
      permissions: [{ slug: "reports:read", name: "Read your <reports>" }],
      clients: [
        {
          clientId: PARTNER,
          clientSecret: PARTNER_SECRET,
          name: "Acme Reports",
          redirectUris: [PARTNER_CALLBACK],
          scopes: ["reports:read"],
        },
      ],
    });
    const request = authorization(server, { scope: "openid reports:read" });
    const page = await signIn(server, new Browser(), request);
    const items = parse(page.text).querySelectorAll("li");
    expect(items.map((item) => item.innerHTML)).toEqual(["Know who you are", "Read your &lt;reports&gt;"]);
  });
});

describe("authorized applications of an organization", () => {
  it("are those of its members, with who they are", async () => {
    const server = await startWith();
    await tokensIn(server, ACME.id);
    await tokensFor(server, {}, { user: BOB });
    await tokensFor(server, {}, { user: { id: "app-9", email: "nobody@example.com" } });
    const ids = [ADA, BOB].map(({ id }) => server.users.findByExternalId(id)?.id);
    const { status, body } = await api<{ data: object[] }>(
      server,
      "GET",
      `/organizations/${GLOBEX.id}/authorized_applications`,
    );
    expect(status).toBe(200);
    expect(body.data).toMatchObject([{ user_id: ids[1] }, { user_id: ids[0] }]);
    expect(body.data[0]).toEqual({
      object: "authorized_connect_application",
      id: expect.stringMatching(/^authorized_connect_app_/),
      user_id: ids[1],
      granted_scopes: ["openid", "profile", "email", "offline_access"],
      application: expect.objectContaining({ object: "connect_application", client_id: PARTNER }),
    });
    const paged = await api<{ data: object[] }>(
      server,
      "GET",
      `/organizations/${GLOBEX.id}/authorized_applications?limit=1`,
    );
    expect(paged.body.data).toHaveLength(1);
    const none = await api<{ data: object[] }>(
      server,
      "GET",
      `/organizations/${INITECH.id}/authorized_applications`,
    );
    expect(none.body.data).toEqual([]);
  });

  it("are of an organization that is there, and for the API key only", async () => {
    const server = await startWith();
    const { status, body } = await api(server, "GET", "/organizations/org_none/authorized_applications");
    expect([status, body.message]).toEqual([404, "Organization not found: 'org_none'."]);
    const path = `/organizations/${ACME.id}/authorized_applications`;
    expect((await api(server, "GET", path, undefined, "sk_test_wrong")).status).toBe(401);
  });
});
