import { beforeAll, describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import {
  ADA,
  allow,
  authorization,
  BOB,
  Browser,
  decode,
  exchange,
  open,
  PARTNER,
  PARTNER_SECRET,
  PUBLIC,
  post,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const MCP = "https://mcp.example.com/";
const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open();
  return () => authkit.close();
});

async function ask(
  target: LocalAuthKit,
  path: string,
  { method = "GET", key = target.apiKey }: { method?: string; key?: string } = {},
) {
  const response = await fetch(`${target.url}/user_management/users/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
  };
}

const userIdOf = (target: LocalAuthKit, { id }: { id: string }) =>
  String(target.users.findByExternalId(id)?.id);

interface Listed {
  id: string;
  granted_scopes: string[];
  oauth_resource?: string;
  application: Record<string, unknown> & { id: string; client_id: string };
}

async function list(target: LocalAuthKit, user: { id: string }, query = "") {
  const { status, body } = await ask(target, `${userIdOf(target, user)}/authorized_applications${query}`);
  expect(status).toBe(200);
  return body as {
    object: string;
    data: Listed[];
    list_metadata: { before: string | null; after: string | null };
  };
}

const NOT_FOUND = { message: "Not Found", code: "not_found" };

describe("a user", () => {
  it("is found by either id", async () => {
    const before = Date.now();
    await tokensFor(authkit, {}, { user: { ...ADA, metadata: { plan: "free" } } });
    const id = userIdOf(authkit, ADA);
    const { status, headers, body } = await ask(authkit, `external_id/${ADA.id}`);
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(headers.get("x-request-id")).toMatch(/^req_/);
    expect(body).toEqual({
      object: "user",
      id,
      external_id: ADA.id,
      email: ADA.email,
      email_verified: true,
      first_name: "Ada",
      last_name: "Lovelace",
      name: null,
      profile_picture_url: null,
      locale: null,
      metadata: { plan: "free" },
      last_sign_in_at: DATE,
      created_at: DATE,
      updated_at: DATE,
    });
    expect(Date.parse(String(body?.created_at))).toBeGreaterThanOrEqual(before);
    expect((await ask(authkit, id)).body).toEqual(body);
  });

  it("is found by an external id that is no word of a path", async () => {
    const user = { id: "a/b c?%#é", email: "odd@example.com" };
    await tokensFor(authkit, {}, { user });
    const { status, body } = await ask(authkit, `external_id/${encodeURIComponent(user.id)}`);
    expect([status, body?.external_id]).toEqual([200, user.id]);
  });

  it.each([
    "external_id/nobody",
    "user_unknown",
    `${ADA.id}`,
    "user_unknown/authorized_applications",
    "external_id/__proto__",
  ])("that is not there is not found: %s", async (path) => {
    const { status, body } = await ask(authkit, path);
    expect([status, body]).toEqual([404, NOT_FOUND]);
  });

  it.each(["external_id/app-1", "user_unknown", "user_unknown/authorized_applications", "x/y/z"])(
    "is shown to the API key only: %s",
    async (path) => {
      for (const key of ["sk_test_wrong", `${authkit.apiKey}x`, "", "a b"]) {
        const { status, body } = await ask(authkit, path, { key });
        expect([status, body]).toEqual([401, { message: "Unauthorized" }]);
      }
      expect((await fetch(`${authkit.url}/user_management/users/${path}`)).status).toBe(401);
    },
  );
});

describe("authorized applications", () => {
  it("are listed with what the user allowed, once each", async () => {
    const server = await start({ resources: [MCP], dynamicClientRegistration: true });
    const browser = new Browser();
    await tokensFor(server, { scope: "openid profile" }, { browser });
    // More scopes, and another resource: the same application.
    const more = authorization(server, { scope: "openid email", resource: MCP });
    await allow(server, browser, await browser.follow(server, more.url));

    const registration = await fetch(`${server.url}/oauth2/register`, {
      method: "POST",
      body: JSON.stringify({
        client_name: "Desk",
        redirect_uris: ["http://localhost/cb", "com.example:/cb"],
      }),
    });
    const { client_id } = (await registration.json()) as { client_id: string };
    const request = authorization(server, { client_id, redirect_uri: "com.example:/cb" });
    await allow(server, browser, await browser.follow(server, request.url));

    const { object, data, list_metadata } = await list(server, ADA);
    expect([object, list_metadata]).toEqual(["list", { before: null, after: null }]);
    expect(data).toEqual([
      {
        object: "authorized_connect_application",
        id: expect.stringMatching(/^authorized_connect_app_[0-9A-Z]{26}$/),
        granted_scopes: ["openid", "profile", "email", "offline_access"],
        application: {
          object: "connect_application",
          id: expect.stringMatching(/^conn_app_[0-9A-Z]{26}$/),
          client_id,
          name: "Desk",
          description: null,
          application_type: "oauth",
          redirect_uris: [
            { uri: "http://localhost/cb", default: true },
            { uri: "com.example:/cb", default: false },
          ],
          uses_pkce: false,
          is_first_party: false,
          was_dynamically_registered: true,
          scopes: ["email", "offline_access", "openid", "profile"],
          created_at: DATE,
          updated_at: DATE,
        },
      },
      expect.objectContaining({
        granted_scopes: ["openid", "profile", "email"],
        oauth_resource: MCP,
        application: expect.objectContaining({
          client_id: PARTNER,
          name: "Acme Reports",
          was_dynamically_registered: false,
        }),
      }),
    ]);
  });

  it("are each user's own", async () => {
    await tokensFor(authkit, {}, { user: BOB });
    await tokensFor(authkit, { client_id: PUBLIC }, { user: BOB });
    expect((await list(authkit, BOB)).data).toHaveLength(2);
    const nobody = { id: "app-none", email: "none@example.com" };
    await signIn(authkit, new Browser(), authorization(authkit), { user: nobody });
    expect((await list(authkit, nobody)).data).toEqual([]);
  });

  it("are found by the WorkOS id even where tokens name the external one", async () => {
    const external = await start({ switches: { subject: "external" } });
    await tokensFor(external);
    expect((await list(external, ADA)).data).toHaveLength(1);
  });

  it("stay listed when the document that described one is gone", async () => {
    const client_id = "https://client.example.com/client.json";
    let isGone = false;
    let now = Date.now();
    const fetchDocument = async () => ({
      text: isGone ? "" : JSON.stringify({ client_id, client_name: "D", redirect_uris: ["com.example:/cb"] }),
      ttl: 0,
    });
    const server = await start({ clientIdMetadataDocuments: true }, { fetchDocument, clock: () => now });
    const changes = { client_id, redirect_uri: "com.example:/cb" };
    await tokensFor(server, changes);
    const id = (await list(server, ADA)).data[0]?.application.id;
    now += 60_000;
    await tokensFor(server, { ...changes, prompt: "consent" });
    isGone = true;
    now += 60_000;
    const { data } = await list(server, ADA);
    expect(data.map(({ application }) => [application.id, application.name])).toEqual([[id, "D"]]);
    const path = `${userIdOf(server, ADA)}/authorized_applications/${encodeURIComponent(client_id)}`;
    expect((await ask(server, path, { method: "DELETE" })).status).toBe(204);
  });
});

describe("a page of authorized applications", () => {
  let server: LocalAuthKit;
  beforeAll(async () => {
    const clients = Array.from({ length: 12 }, (_, index) => ({
      clientId: `client_${index}`,
      name: `Client ${index}`,
      redirectUris: ["http://localhost/cb"],
      firstParty: true,
    }));
    server = await open({ clients });
    const browser = new Browser();
    for (const { clientId: client_id } of clients) {
      const request = authorization(server, { client_id, redirect_uri: "http://localhost/cb" });
      // The first one signs in; the others find the session.
      if (client_id === "client_0") await signIn(server, browser, request);
      else await browser.follow(server, request.url);
    }
    return () => server.close();
  });

  /** Numbers of the clients on the page, and those that its cursors stand for. */
  async function page(query: Record<string, string | number>) {
    const all = [...(await list(server, ADA, "?limit=100")).data];
    const numberOf = (id: string | null | undefined) => {
      const found = all.find((listed) => listed.id === id);
      return found ? Number(found.application.client_id.split("_")[1]) : null;
    };
    const idOf = (number: number) =>
      all.find(({ application }) => application.client_id === `client_${number}`)?.id;
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      parameters.set(name, ["after", "before"].includes(name) ? String(idOf(Number(value))) : String(value));
    }
    const { data, list_metadata } = await list(server, ADA, `?${parameters}`);
    return {
      data: data.map(({ id }) => numberOf(id)),
      before: numberOf(list_metadata.before),
      after: numberOf(list_metadata.after),
    };
  }

  it.each<[Record<string, string | number>, number[], number | null, number | null]>([
    [{}, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2], null, 2],
    [{ limit: 100 }, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], null, null],
    [{ limit: 2 }, [11, 10], null, 10],
    [{ limit: 2, after: 10 }, [9, 8], 9, 8],
    [{ limit: 2, after: 2 }, [1, 0], 1, null],
    [{ limit: 2, after: 0 }, [], null, null],
    [{ limit: 2, before: 7 }, [9, 8], 9, 8],
    [{ limit: 2, before: 10 }, [11], null, 11],
    [{ limit: 9, after: 8, before: 5 }, [7, 6], 7, 6],
    [{ limit: 2, order: "asc" }, [0, 1], null, 1],
    [{ limit: 2, order: "asc", after: 1 }, [2, 3], 2, 3],
    [{ limit: 2, order: "normal" }, [11, 10], 10, null],
    [{ limit: 2, order: "normal", before: 10 }, [9, 8], 8, 9],
    [{ limit: 2, order: "normal", after: 7 }, [9, 8], 8, 9],
  ])("%j", async (query, data, before, after) => {
    expect(await page(query)).toEqual({ data, before, after });
  });

  it.each([
    ["limit", "limit=0"],
    ["limit", "limit=101"],
    ["limit", "limit=-1"],
    ["limit", "limit=1.5"],
    ["limit", "limit=ten"],
    ["order", "order=random"],
    ["after", "after=authorized_connect_app_unknown"],
    ["before", "before="],
  ])("is refused where %s can't be used: %s", async (field, query) => {
    const path = `${userIdOf(server, ADA)}/authorized_applications?${query}`;
    const { status, body } = await ask(server, path);
    expect(status).toBe(422);
    expect(body).toMatchObject({ message: "Validation failed", errors: [{ field }] });
  });
});

describe("an application that is removed", () => {
  const client = { client_id: PARTNER, client_secret: PARTNER_SECRET };

  async function connected() {
    const server = await start();
    const browser = new Browser();
    const tokens = await tokensFor(server, {}, { browser });
    const other = authorization(server, { client_id: PUBLIC });
    const callback = await allow(server, browser, await browser.follow(server, other.url));
    const others = await exchange(server, other, callback.searchParams.get("code"));
    const [second, first] = (await list(server, ADA)).data;
    const remove = (id: string | undefined, user: { id: string } = ADA) =>
      ask(server, `${userIdOf(server, user)}/authorized_applications/${id}`, { method: "DELETE" });
    return { server, browser, tokens: tokens.body, others: others.body, first, second, remove };
  }

  it.each<["id" | "client_id"]>([["id"], ["client_id"]])("by its %s is gone from the list", async (by) => {
    const { server, first, second, remove } = await connected();
    const { status, body } = await remove(first?.application[by]);
    expect([status, body]).toEqual([204, undefined]);
    expect((await list(server, ADA)).data.map(({ id }) => id)).toEqual([second?.id]);
    expect((await remove(first?.application[by])).status).toBe(404);
  });

  it("gets no more tokens; the one it has holds until it expires, but not for AuthKit", async () => {
    const { server, tokens, first, remove } = await connected();
    await remove(first?.application.id);
    const refused = await post(server, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: String(tokens.refresh_token),
      ...client,
    });
    expect([refused.status, refused.body.error]).toEqual([400, "invalid_grant"]);
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const told = await post(server, "/oauth2/introspection", { token: String(token), ...client });
      expect(told.body).toEqual({ active: false });
    }
    const { exp } = decode(tokens.access_token).claims;
    expect(Number(exp)).toBeGreaterThan(Date.now() / 1000);
  });

  it("cannot exchange a code it was given before", async () => {
    const { server, browser, first, remove } = await connected();
    const request = authorization(server);
    const { location } = await browser.follow(server, request.url);
    await remove(first?.application.id);
    const { status, body } = await exchange(server, request, new URL(location).searchParams.get("code"));
    expect([status, body.error]).toEqual([400, "invalid_grant"]);
  });

  it("asks the user again, and is another authorization then", async () => {
    const { server, browser, first, remove } = await connected();
    await remove(first?.application.id);
    const request = authorization(server);
    const page = await browser.follow(server, request.url);
    expect(page.text).toContain("Allow Acme Reports to use your account?");
    const callback = await allow(server, browser, page);
    const { body } = await exchange(server, request, callback.searchParams.get("code"));
    expect(body.refresh_token).toBeDefined();
    const [again] = (await list(server, ADA)).data;
    expect(again?.application.id).toBe(first?.application.id);
    expect(again?.id).not.toBe(first?.id);
  });

  it("takes nothing from the user's other applications, nor from its other users", async () => {
    const { server, others, first, remove } = await connected();
    const bobs = await tokensFor(server, {}, { user: BOB });
    await remove(first?.application.id);
    for (const [refresh_token, of] of [
      [others.refresh_token, { client_id: PUBLIC }],
      [bobs.body.refresh_token, client],
    ] as const) {
      const { status } = await post(server, "/oauth2/token", {
        grant_type: "refresh_token",
        refresh_token: String(refresh_token),
        ...of,
      });
      expect(status).toBe(200);
    }
  });

  it("must be the user's, and must be there", async () => {
    const { server, first, remove } = await connected();
    await signIn(server, new Browser(), authorization(server), { user: BOB });
    for (const refusal of [
      await remove("conn_app_unknown"),
      await remove(first?.id),
      await remove(first?.application.id, BOB),
    ]) {
      expect([refusal.status, refusal.body]).toEqual([404, NOT_FOUND]);
    }
    const path = `${userIdOf(server, ADA)}/authorized_applications/${first?.application.id}`;
    expect((await ask(server, path, { method: "DELETE", key: "sk_test_wrong" })).status).toBe(401);
    expect((await list(server, ADA)).data).toHaveLength(2);
  });
});
