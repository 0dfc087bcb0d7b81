import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { api, DATE, NOT_FOUND } from "./api.js";
import {
  ADA,
  authorization,
  Browser,
  decode,
  exchange,
  open,
  PARTNER,
  PARTNER_CALLBACK,
  PARTNER_SECRET,
  PUBLIC,
  post,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const APPLICATIONS = "/connect/applications";
const ACME = { id: "org_acme", name: "Acme" };
const CALLBACK = "https://app.example.com/callback";
// What the official SDK sends: null for all that its caller did not name.
const NULLS = {
  description: null,
  scopes: null,
  redirect_uris: null,
  uses_pkce: null,
  organization_id: null,
};

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open({ organizations: [ACME] });
  return () => authkit.close();
});

const createOn = async (server: LocalAuthKit, changes: Record<string, unknown> = {}) => {
  const { status, body } = await api(server, "POST", APPLICATIONS, {
    ...NULLS,
    name: "Made",
    application_type: "oauth",
    is_first_party: true,
    redirect_uris: [{ uri: CALLBACK, default: null }],
    ...changes,
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body as { id: string; client_id: string; [member: string]: unknown };
};
const createMachine = (server: LocalAuthKit, changes: Record<string, unknown> = {}) =>
  createOn(server, { application_type: "m2m", organization_id: ACME.id, ...changes });

async function addSecret(server: LocalAuthKit, id: string) {
  const { status, body } = await api(server, "POST", `${APPLICATIONS}/${id}/client_secrets`, {});
  expect(status).toBe(201);
  return body as { id: string; secret: string; secret_hint: string };
}

async function listOf(server: LocalAuthKit, query = "") {
  const { status, body } = await api<{ data: Record<string, unknown>[]; list_metadata: unknown }>(
    server,
    "GET",
    `${APPLICATIONS}${query}`,
  );
  expect(status).toBe(200);
  return body;
}

const machineToken = (server: LocalAuthKit, client_id: string, client_secret: string, more = {}) =>
  post(server, "/oauth2/token", { grant_type: "client_credentials", client_id, client_secret, ...more });

const introspect = async (server: LocalAuthKit, token: unknown) => {
  const client = { client_id: PARTNER, client_secret: PARTNER_SECRET };
  return (await post(server, "/oauth2/introspection", { token: String(token), ...client })).body;
};

describe("an application that the API makes", () => {
  it("is first-party as described, and is what it was made", async () => {
    const body = await createOn(authkit, {
      description: "Reads reports",
      scopes: ["openid", "profile", "reports:read"],
      redirect_uris: [{ uri: CALLBACK }, { uri: "com.example:/cb", default: true }],
      uses_pkce: true,
    });
    expect(body).toEqual({
      object: "connect_application",
      id: expect.stringMatching(/^conn_app_[0-9A-Z]{26}$/),
      client_id: expect.stringMatching(/^client_[0-9A-Z]{26}$/),
      name: "Made",
      description: "Reads reports",
      application_type: "oauth",
      scopes: ["openid", "profile", "reports:read"],
      redirect_uris: [
        { uri: CALLBACK, default: false },
        { uri: "com.example:/cb", default: true },
      ],
      uses_pkce: true,
      is_first_party: true,
      created_at: expect.stringMatching(DATE),
      updated_at: expect.stringMatching(DATE),
    });
    for (const id of [body.id, body.client_id]) {
      const found = await api(authkit, "GET", `${APPLICATIONS}/${id}`);
      expect([found.status, found.body]).toEqual([200, body]);
    }
  });

  it("belongs to an organization, if it is a third party's", async () => {
    expect(await createOn(authkit, { is_first_party: false, organization_id: ACME.id })).toMatchObject({
      is_first_party: false,
      was_dynamically_registered: false,
      organization_id: ACME.id,
      uses_pkce: false,
      description: null,
      redirect_uris: [{ uri: CALLBACK, default: true }],
    });
  });

  it("has the four standard scopes, unless others are named", async () => {
    const { scopes } = await createOn(authkit);
    expect(scopes).toEqual(["email", "offline_access", "openid", "profile"]);
  });

  it("is a machine's with what machines have", async () => {
    const { id, client_id, ...body } = await createMachine(authkit, { scopes: ["reports:read"] });
    expect(body).toEqual({
      object: "connect_application",
      name: "Made",
      description: null,
      application_type: "m2m",
      scopes: ["reports:read"],
      organization_id: ACME.id,
      created_at: expect.stringMatching(DATE),
      updated_at: expect.stringMatching(DATE),
    });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ["name", "required", { name: undefined }],
    ["name", "required", { name: " " }],
    ["name", "invalid_type", { name: 1 }],
    ["application_type", "required", { application_type: undefined }],
    ["application_type", "invalid_type", { application_type: "web" }],
    ["is_first_party", "required", { is_first_party: undefined }],
    ["is_first_party", "invalid_type", { is_first_party: "yes" }],
    ["description", "invalid_type", { description: 1 }],
    ["scopes", "invalid_type", { scopes: "openid" }],
    ["scopes.1", "invalid", { scopes: ["openid", "two words"] }],
    ["redirect_uris", "invalid_type", { redirect_uris: CALLBACK }],
    ["redirect_uris.0", "invalid_type", { redirect_uris: [CALLBACK] }],
    ["redirect_uris.0.uri", "required", { redirect_uris: [{ default: true }] }],
    ["redirect_uris.0.uri", "invalid", { redirect_uris: [{ uri: "javascript:alert(1)" }] }],
    ["redirect_uris.0.uri", "invalid", { redirect_uris: [{ uri: "https://app.example.com/#x" }] }],
    ["redirect_uris.1.uri", "not_unique", { redirect_uris: [{ uri: CALLBACK }, { uri: CALLBACK }] }],
    [
      "redirect_uris.1.default",
      "not_unique",
      {
        redirect_uris: [
          { uri: CALLBACK, default: true },
          { uri: "a:/b", default: true },
        ],
      },
    ],
    ["organization_id", "required", { is_first_party: false }],
    ["organization_id", "invalid_type", { application_type: "m2m", organization_id: null }],
  ])("must be usable: %s %s %j", async (field, code, changes) => {
    const { status, body } = await api(authkit, "POST", APPLICATIONS, {
      name: "Made",
      application_type: "oauth",
      is_first_party: true,
      ...changes,
    });
    expect([status, body]).toEqual([
      422,
      { message: "Validation failed", code: "invalid_request_parameters", errors: [{ field, code }] },
    ]);
  });

  it("must belong to an organization that is there", async () => {
    const { status, body } = await api(authkit, "POST", APPLICATIONS, {
      name: "Made",
      application_type: "m2m",
      organization_id: "org_none",
    });
    expect([status, body]).toEqual([
      404,
      { message: "Organization not found: 'org_none'.", code: "not_found" },
    ]);
  });

  it("can have no other permissions than the environment, where that lists some", async () => {
    const server = await start({ permissions: [{ slug: "reports:read", name: "Read reports" }] });
    await createOn(server, { scopes: ["openid", "reports:read"] });
    const body = { name: "M", application_type: "oauth", is_first_party: true, scopes: ["reports:write"] };
    const refused = await api(server, "POST", APPLICATIONS, body);
    expect([refused.status, refused.body.errors]).toEqual([422, [{ field: "scopes.0", code: "not_found" }]]);
  });

  it("is not made of what is no JSON object", async () => {
    for (const body of ["", "[]", "{"]) {
      expect((await api(authkit, "POST", APPLICATIONS, body)).status).toBe(400);
    }
  });

  it("signs users in at once, by any of its secrets", async () => {
    const { id, client_id } = await createOn(authkit);
    const secrets = [await addSecret(authkit, id), await addSecret(authkit, client_id)];
    const browser = new Browser();
    for (const [index, { secret: client_secret }] of secrets.entries()) {
      const request = authorization(authkit, { client_id, redirect_uri: CALLBACK });
      const { location } =
        index === 0 ? await signIn(authkit, browser, request) : await browser.follow(authkit, request.url);
      const code = new URL(location).searchParams.get("code");
      const { status, body } = await exchange(authkit, request, code, { client_secret });
      expect(status).toBe(200);
      expect(decode(body.access_token).claims.client_id).toBe(client_id);
      const form = { grant_type: "refresh_token", refresh_token: String(body.refresh_token) };
      const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
      expect((await post(authkit, "/oauth2/token", form, { authorization: basic })).status).toBe(200);
      const asked = { token: String(body.access_token), client_id, client_secret };
      expect((await post(authkit, "/oauth2/introspection", asked)).body.active).toBe(true);
    }
  });

  it("has no access without a secret, nor with a wrong one", async () => {
    const { id, client_id } = await createMachine(authkit);
    expect((await machineToken(authkit, client_id, "")).status).toBe(401);
    expect((await machineToken(authkit, client_id, "guess")).status).toBe(401);
    const { secret } = await addSecret(authkit, id);
    expect((await machineToken(authkit, client_id, `${secret}x`)).status).toBe(401);
    expect((await machineToken(authkit, client_id, secret)).status).toBe(200);
    // A client's secret is no other client's.
    const other = await createMachine(authkit);
    expect((await machineToken(authkit, other.client_id, secret)).status).toBe(401);
  });

  it("uses PKCE in place of a secret where that was asked for", async () => {
    const { client_id } = await createOn(authkit, { uses_pkce: true });
    const request = authorization(authkit, { client_id, redirect_uri: CALLBACK });
    const { location } = await signIn(authkit, new Browser(), request);
    const code = new URL(location).searchParams.get("code");
    expect((await exchange(authkit, request, code)).status).toBe(200);
    const bare = authorization(authkit, {
      client_id,
      redirect_uri: CALLBACK,
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    const refused = await new Browser().request(bare.url);
    expect(new URL(refused.location).searchParams.get("error")).toBe("invalid_request");
  });

  it("asks for the user's consent, if it is a third party's", async () => {
    const { client_id } = await createOn(authkit, {
      name: "Made by the API",
      is_first_party: false,
      organization_id: ACME.id,
      uses_pkce: true,
    });
    const request = authorization(authkit, { client_id, redirect_uri: CALLBACK });
    const page = await signIn(authkit, new Browser(), request);
    expect(page.text).toContain("Allow Made by the API to use your account?");
  });

  it("may ask for the scopes it was given, and no others", async () => {
    const { client_id } = await createOn(authkit, { scopes: ["openid", "reports:read"], uses_pkce: true });
    const given = authorization(authkit, {
      client_id,
      redirect_uri: CALLBACK,
      scope: "openid reports:read",
    });
    const { location } = await signIn(authkit, new Browser(), given);
    const { body } = await exchange(authkit, given, new URL(location).searchParams.get("code"));
    expect(decode(body.access_token).claims.scope).toBe("openid reports:read");
    for (const scope of ["openid profile", "openid reports:write"]) {
      const other = authorization(authkit, { client_id, redirect_uri: CALLBACK, scope });
      const refused = await new Browser().request(other.url);
      expect(new URL(refused.location).searchParams.get("error")).toBe("invalid_scope");
    }
  });

  it("without a redirect URI is returned to none", async () => {
    const { client_id, redirect_uris } = await createOn(authkit, { redirect_uris: null, uses_pkce: true });
    expect(redirect_uris).toEqual([]);
    const { status, location } = await new Browser().request(
      authorization(authkit, { client_id, redirect_uri: CALLBACK }).url,
    );
    expect([status, location]).toEqual([400, ""]);
  });

  it("gets machine tokens in the name of its organization", async () => {
    const { id, client_id } = await createMachine(authkit, { scopes: ["reports:read"] });
    const { secret } = await addSecret(authkit, id);
    const { status, body } = await machineToken(authkit, client_id, secret, { scope: "reports:read" });
    expect(status).toBe(200);
    expect(decode(body.access_token).claims).toMatchObject({
      sub: client_id,
      client_id,
      org_id: ACME.id,
      scope: "reports:read",
    });
    expect(await introspect(authkit, body.access_token)).toMatchObject({ active: true, org_id: ACME.id });
    const more = await machineToken(authkit, client_id, secret, { scope: "reports:write" });
    expect(more.body.error).toBe("invalid_scope");
  });

  it("is still there at the next start, and so are its secrets", async () => {
    const folder = await mkdtemp(join(tmpdir(), "local-authkit-"));
    const options = { store: `file:${folder}`, organizations: [ACME] };
    const before = await open(options);
    const made = await createMachine(before);
    const { secret } = await addSecret(before, made.id);
    await before.close();
    const after = await start(options);
    expect((await api(after, "GET", `${APPLICATIONS}/${made.id}`)).body).toEqual(made);
    expect((await machineToken(after, made.client_id, secret)).status).toBe(200);
  });
});

describe("the list of applications", () => {
  it("has those of the configuration, too, and pages", async () => {
    const server = await start();
    const made = await createOn(server);
    const { data, list_metadata } = await listOf(server);
    expect(data.map(({ client_id }) => client_id)).toEqual([made.client_id, PUBLIC, PARTNER]);
    expect(list_metadata).toEqual({ before: null, after: null });
    expect(data[0]).toEqual(made);
    const first = await listOf(server, "?limit=2&order=asc");
    expect(first.data.map(({ client_id }) => client_id)).toEqual([PARTNER, PUBLIC]);
    const rest = await listOf(server, `?limit=2&order=asc&after=${first.data[1]?.id}`);
    expect(rest.data.map(({ client_id }) => client_id)).toEqual([made.client_id]);
  });

  it("is of one organization where that is asked for", async () => {
    const server = await start({ organizations: [ACME] });
    const { id } = await createMachine(server);
    expect((await listOf(server, `?organization_id=${ACME.id}`)).data.map((one) => one.id)).toEqual([id]);
    expect((await listOf(server, "?organization_id=org_other")).data).toEqual([]);
  });

  it("has applications that registered themselves where they are asked for", async () => {
    const server = await start({ dynamicClientRegistration: true });
    const registered = await fetch(`${server.url}/oauth2/register`, {
      method: "POST",
      body: JSON.stringify({ redirect_uris: [CALLBACK] }),
    });
    const { client_id } = (await registered.json()) as { client_id: string };
    const idsOf = async (query: string) =>
      (await listOf(server, query)).data.map((application) => application.client_id);
    expect(await idsOf("")).toEqual([PUBLIC, PARTNER]);
    expect(await idsOf("?registration_types=dynamic")).toEqual([client_id]);
    expect(await idsOf("?registration_types=dynamic,authenticated")).toEqual([client_id, PUBLIC, PARTNER]);
  });

  it.each(["registration_types", "limit", "order", "after"])(
    "must be asked for rightly: %s",
    async (name) => {
      const { status, body } = await api(authkit, "GET", `${APPLICATIONS}?${name}=nonsense`);
      expect([status, (body.errors as object[]).length]).toEqual([422, 1]);
    },
  );
});

describe("an application that is changed", () => {
  it("is changed in what is named, and null names nothing", async () => {
    const before = await createOn(authkit, { description: "Old", scopes: ["openid"] });
    const { status, body } = await api(authkit, "PUT", `${APPLICATIONS}/${before.client_id}`, {
      name: "New",
      description: null,
      scopes: null,
      redirect_uris: null,
    });
    expect([status, body]).toEqual([
      200,
      { ...before, name: "New", updated_at: expect.stringMatching(DATE) },
    ]);
    const all = {
      description: "Newer",
      scopes: ["email"],
      redirect_uris: [{ uri: "https://b.example.com/" }],
    };
    await api(authkit, "PUT", `${APPLICATIONS}/${before.id}`, all);
    expect((await api(authkit, "GET", `${APPLICATIONS}/${before.id}`)).body).toMatchObject({
      ...all,
      name: "New",
      redirect_uris: [{ uri: "https://b.example.com/", default: true }],
    });
  });

  it("is another at once, for users too", async () => {
    const server = await start();
    await tokensFor(server);
    await api(server, "PUT", `${APPLICATIONS}/${PARTNER}`, {
      name: "Renamed",
      redirect_uris: [{ uri: CALLBACK }],
    });
    const page = await signIn(
      server,
      new Browser(),
      authorization(server, { redirect_uri: CALLBACK, prompt: "consent" }),
    );
    expect(page.text).toContain("Allow Renamed to use your account?");
    const old = await new Browser().request(authorization(server, { redirect_uri: PARTNER_CALLBACK }).url);
    expect([old.status, old.location]).toEqual([400, ""]);
    const user = server.users.findByExternalId(ADA.id)?.id;
    const listed = await api<{ data: { application: { name: string } }[] }>(
      server,
      "GET",
      `/user_management/users/${user}/authorized_applications`,
    );
    expect(listed.body.data.map(({ application }) => application.name)).toEqual(["Renamed"]);
  });

  it("of the configuration is what that says with the next one", async () => {
    const server = await start();
    const path = `${APPLICATIONS}/${PARTNER}`;
    const { body: before } = await api(server, "GET", path);
    await api(server, "PUT", path, { name: "Renamed" });
    const { secret } = await addSecret(server, PARTNER);
    server.reconfigure({});
    expect((await api(server, "GET", path)).body).toMatchObject({ id: before.id, name: before.name });
    // What else there is stays.
    const asked = { token: "x", client_id: PARTNER, client_secret: secret };
    expect((await post(server, "/oauth2/introspection", asked)).status).toBe(200);
  });

  it.each([
    ["name", { name: "" }],
    ["scopes.0", { scopes: [""] }],
    ["redirect_uris.0.uri", { redirect_uris: [{ uri: "relative" }] }],
  ])("must be usable: %s", async (field, changes) => {
    const { status, body } = await api(authkit, "PUT", `${APPLICATIONS}/${PARTNER}`, changes);
    expect([status, body.errors]).toMatchObject([422, [{ field }]]);
  });

  it("has no redirect URIs if it is a machine's", async () => {
    const { id } = await createMachine(authkit);
    const path = `${APPLICATIONS}/${id}`;
    const { status, body } = await api(authkit, "PUT", path, { redirect_uris: [{ uri: CALLBACK }] });
    expect([status, body.errors]).toEqual([422, [{ field: "redirect_uris", code: "not_supported" }]]);
    expect((await api(authkit, "PUT", path, { name: "N", redirect_uris: null })).status).toBe(200);
  });
});

describe("an application that is deleted", () => {
  it("ends: its codes, its refresh tokens, its authorizations", async () => {
    const server = await start();
    const browser = new Browser();
    const { body } = await tokensFor(server, {}, { browser });
    const others = await tokensFor(server, { client_id: PUBLIC });
    const request = authorization(server);
    const code = new URL((await browser.follow(server, request.url)).location).searchParams.get("code");
    const { id } = (await api(server, "GET", `${APPLICATIONS}/${PARTNER}`)).body;
    const { secret } = await addSecret(server, PARTNER);

    const deleted = await api(server, "DELETE", `${APPLICATIONS}/${id}`);
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    const client = { client_id: PARTNER, client_secret: PARTNER_SECRET };
    const form = { grant_type: "refresh_token", refresh_token: String(body.refresh_token), ...client };
    for (const refused of [
      await post(server, "/oauth2/token", form),
      await exchange(server, request, code),
    ]) {
      expect([refused.status, refused.body.error]).toEqual([401, "invalid_client"]);
    }
    expect((await browser.request(request.url)).location).toContain("error=application_not_found");
    const user = server.users.findByExternalId(ADA.id)?.id;
    const listed = await api<{ data: { application: { client_id: string } }[] }>(
      server,
      "GET",
      `/user_management/users/${user}/authorized_applications`,
    );
    expect(listed.body.data.map(({ application }) => application.client_id)).toEqual([PUBLIC]);
    expect((await api(server, "DELETE", `${APPLICATIONS}/${id}`)).status).toBe(404);

    // Once it is back, with the configuration, nothing of before counts.
    server.reconfigure({});
    expect((await post(server, "/oauth2/token", form)).body.error).toBe("invalid_grant");
    expect(await introspect(server, body.access_token)).toEqual({ active: false });
    expect(await introspect(server, others.body.access_token)).toMatchObject({ active: true });
    const asked = { token: "x", client_id: PARTNER, client_secret: secret };
    expect((await post(server, "/oauth2/introspection", asked)).status).toBe(401);
  });

  it("ends a machine's tokens, too, for who asks", async () => {
    const { id, client_id } = await createMachine(authkit);
    const { secret } = await addSecret(authkit, id);
    const { body } = await machineToken(authkit, client_id, secret);
    expect(await introspect(authkit, body.access_token)).toMatchObject({ active: true });
    await api(authkit, "DELETE", `${APPLICATIONS}/${client_id}`);
    expect(await introspect(authkit, body.access_token)).toEqual({ active: false });
    expect((await machineToken(authkit, client_id, secret)).status).toBe(401);
  });
});

describe("client secrets", () => {
  it("are shown once, and listed by their last characters", async () => {
    const { id } = await createOn(authkit);
    const path = `${APPLICATIONS}/${id}/client_secrets`;
    expect((await api(authkit, "GET", path)).body).toEqual([]);
    const made = (await api(authkit, "POST", path, {})).body;
    const { secret, ...shown } = made;
    expect(made).toEqual({
      object: "connect_application_secret",
      id: expect.stringMatching(/^secret_[0-9A-Z]{26}$/),
      secret: expect.stringMatching(/^[\w-]{40,}$/),
      secret_hint: String(secret).slice(-6),
      last_used_at: null,
      created_at: expect.stringMatching(DATE),
      updated_at: expect.stringMatching(DATE),
    });
    expect((await api(authkit, "GET", path)).body).toEqual([shown]);
  });

  it("say when they were used last", async () => {
    const { id, client_id } = await createMachine(authkit);
    const [one, other] = [await addSecret(authkit, id), await addSecret(authkit, id)];
    await machineToken(authkit, client_id, other.secret);
    const { body } = await api<object[]>(authkit, "GET", `${APPLICATIONS}/${id}/client_secrets`);
    expect(body).toMatchObject([
      { id: one.id, last_used_at: null },
      { id: other.id, last_used_at: expect.stringMatching(DATE) },
    ]);
  });

  it("are five at most", async () => {
    const { id } = await createOn(authkit);
    const made = [];
    for (let count = 0; count < 5; count += 1) made.push(await addSecret(authkit, id));
    const path = `${APPLICATIONS}/${id}/client_secrets`;
    const { status, body } = await api(authkit, "POST", path, {});
    expect([status, body.errors]).toEqual([422, [{ field: "client_secrets", code: "too_many" }]]);
    await api(authkit, "DELETE", `/connect/client_secrets/${made[0]?.id}`);
    await addSecret(authkit, id);
  });

  it("end when they are deleted, the others don't", async () => {
    const { id, client_id } = await createMachine(authkit);
    const [one, other] = [await addSecret(authkit, id), await addSecret(authkit, id)];
    const { status, body } = await api(authkit, "DELETE", `/connect/client_secrets/${one.id}`);
    expect([status, body]).toEqual([204, undefined]);
    expect((await machineToken(authkit, client_id, one.secret)).status).toBe(401);
    expect((await machineToken(authkit, client_id, other.secret)).status).toBe(200);
    expect((await api(authkit, "DELETE", `/connect/client_secrets/${one.id}`)).status).toBe(404);
  });

  it("include the one of the configuration, until another takes its place there", async () => {
    const server = await start();
    const path = `${APPLICATIONS}/${PARTNER}/client_secrets`;
    const { body } = await api<{ secret_hint: string }[]>(server, "GET", path);
    expect(body.map(({ secret_hint }) => secret_hint)).toEqual([PARTNER_SECRET.slice(-6)]);
    const clients = server.clients.map((client) =>
      client.clientId === PARTNER ? { ...client, clientSecret: "another_secret" } : client,
    );
    server.reconfigure({ clients });
    const asked = (client_secret: string) =>
      post(server, "/oauth2/introspection", { token: "x", client_id: PARTNER, client_secret });
    expect((await asked(PARTNER_SECRET)).status).toBe(401);
    expect((await asked("another_secret")).status).toBe(200);
    const { body: now } = await api<unknown[]>(server, "GET", path);
    expect(now).toHaveLength(1);
  });

  it("are not for an application that uses PKCE in their place", async () => {
    const { status, body } = await api(authkit, "POST", `${APPLICATIONS}/${PUBLIC}/client_secrets`, {});
    expect([status, body.errors]).toEqual([422, [{ field: "client_secrets", code: "not_supported" }]]);
  });
});

describe("the applications API", () => {
  it.each([
    ["GET", `${APPLICATIONS}/conn_app_none`],
    ["GET", `${APPLICATIONS}/__proto__`],
    ["PUT", `${APPLICATIONS}/client_none`],
    ["DELETE", `${APPLICATIONS}/conn_app_none`],
    ["GET", `${APPLICATIONS}/conn_app_none/client_secrets`],
    ["POST", `${APPLICATIONS}/conn_app_none/client_secrets`],
    ["DELETE", "/connect/client_secrets/secret_none"],
  ])("does not know what is not there: %s %s", async (method, path) => {
    const { status, body } = await api(authkit, method, path, method === "GET" ? undefined : {});
    expect([status, body]).toEqual([404, NOT_FOUND]);
  });

  it.each([
    ["GET", APPLICATIONS],
    ["POST", APPLICATIONS],
    ["GET", `${APPLICATIONS}/${PARTNER}`],
    ["PUT", `${APPLICATIONS}/${PARTNER}`],
    ["DELETE", `${APPLICATIONS}/${PARTNER}`],
    ["POST", `${APPLICATIONS}/${PARTNER}/client_secrets`],
    ["DELETE", "/connect/client_secrets/x"],
  ])("is for the API key only: %s %s", async (method, path) => {
    const body = method === "GET" ? undefined : {};
    const refused = await api(authkit, method, path, body, "sk_test_wrong");
    expect([refused.status, refused.body]).toEqual([401, { message: "Unauthorized" }]);
    expect((await fetch(`${authkit.url}${path}`, { method })).status).toBe(401);
  });

  it("says nothing to caches", async () => {
    const { headers } = await api(authkit, "GET", APPLICATIONS);
    expect([headers.get("cache-control"), headers.get("x-request-id")]).toEqual([
      "no-store",
      expect.stringMatching(/^req_/),
    ]);
  });
});
