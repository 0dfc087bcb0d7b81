import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { api, DATE, NOT_FOUND } from "./api.js";
import {
  allow,
  authorization,
  Browser,
  decode,
  exchange,
  open,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const RESOURCES = "/user_management/authkit_oauth_resources";
const MCP = "https://mcp.example.com/";
const CALLBACK = "http://localhost/cb";

let authkit: LocalAuthKit;
beforeAll(async () => {
  authkit = await open();
  return () => authkit.close();
});

async function add(server: LocalAuthKit, uri: string, more: Record<string, unknown> = {}) {
  const { status, body } = await api(server, "POST", RESOURCES, { uri, ...more });
  expect(status).toBe(201);
  return body as { id: string; default: boolean };
}

async function listOf(server: LocalAuthKit, query = "") {
  const { status, body } = await api<{ data: { id: string; uri: string; default: boolean }[] }>(
    server,
    "GET",
    `${RESOURCES}${query}`,
  );
  expect(status).toBe(200);
  return body;
}

const defaultsOf = async (server: LocalAuthKit) =>
  (await listOf(server, "?order=asc")).data.map((resource) => [resource.uri, resource.default]);

/** `aud` for an application that registers itself and asks for no resource. */
async function defaultAudience(server: LocalAuthKit) {
  const registered = await fetch(`${server.url}/oauth2/register`, {
    method: "POST",
    body: JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: "none" }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  const { body } = await tokensFor(server, { client_id, redirect_uri: CALLBACK });
  return decode(body.access_token).claims.aud;
}

describe("a resource indicator that the API adds", () => {
  it("is what was described", async () => {
    const uri = "https://API.example.com/a%2fb";
    const body = await add(authkit, uri);
    expect(body).toEqual({
      object: "authkit_oauth_resource",
      id: expect.stringMatching(/^authkit_oauth_resource_[0-9A-Z]{26}$/),
      uri,
      default: false,
      created_at: expect.stringMatching(DATE),
      updated_at: expect.stringMatching(DATE),
    });
    expect((await listOf(authkit)).data).toContainEqual(body);
  });

  it("is an audience at once, and none when it is gone", async () => {
    const server = await start();
    const aud = async () => decode((await tokensFor(server, { resource: MCP })).body.access_token).claims.aud;
    expect(await aud()).toBe(server.environmentClientId);
    const { id } = await add(server, MCP);
    expect(await aud()).toBe(MCP);
    const deleted = await api(server, "DELETE", `${RESOURCES}/${id}`);
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    expect(await aud()).toBe(server.environmentClientId);
    expect((await api(server, "DELETE", `${RESOURCES}/${id}`)).body).toEqual(NOT_FOUND);
  });

  it("makes others an invalid_target", async () => {
    const server = await start();
    await add(server, MCP);
    const { status, body } = await tokensFor(server, { resource: "https://mcp.example.com" });
    expect([status, body.error]).toEqual([400, "invalid_target"]);
  });

  it("that is removed between authorization and token is an invalid_target where there are others", async () => {
    const server = await start({ resources: ["https://api.example.com"] });
    const { id } = await add(server, MCP);
    const [browser, request] = [new Browser(), authorization(server, { resource: MCP })];
    const callback = await allow(server, browser, await signIn(server, browser, request));
    await api(server, "DELETE", `${RESOURCES}/${id}`);
    const { body } = await exchange(server, request, callback.searchParams.get("code"));
    expect(body.error).toBe("invalid_target");
  });

  it("is the default audience where it was made so, and there is one of those", async () => {
    const server = await start({ dynamicClientRegistration: true, resources: ["https://a.example.com"] });
    expect(await defaultAudience(server)).toBe(server.environmentClientId);
    expect(await add(server, MCP, { default: true })).toMatchObject({ default: true });
    expect(await defaultAudience(server)).toBe(MCP);
    await add(server, "https://b.example.com", { default: true });
    expect(await defaultsOf(server)).toEqual([
      ["https://a.example.com", false],
      [MCP, false],
      ["https://b.example.com", true],
    ]);
    expect(await defaultAudience(server)).toBe("https://b.example.com");
  });

  it("is listed with those of the configuration, in pages", async () => {
    const server = await start({
      resources: ["https://a.example.com"],
      defaultResource: "https://a.example.com",
    });
    await add(server, MCP);
    await add(server, "https://b.example.com");
    expect(await defaultsOf(server)).toEqual([
      ["https://a.example.com", true],
      [MCP, false],
      ["https://b.example.com", false],
    ]);
    const first = await listOf(server, "?limit=2");
    expect(first.data.map(({ uri }) => uri)).toEqual(["https://b.example.com", MCP]);
    const rest = await listOf(server, `?limit=2&after=${first.data[1]?.id}`);
    expect(rest.data.map(({ uri }) => uri)).toEqual(["https://a.example.com"]);
    expect((await api(server, "GET", `${RESOURCES}?limit=0`)).status).toBe(422);
  });

  it("stays over a restart and another configuration, which takes back what it had", async () => {
    const store = `file:${await mkdtemp(join(tmpdir(), "local-authkit-"))}`;
    const before = await open({ store, resources: ["https://a.example.com"] });
    const { id } = await add(before, MCP, { default: true });
    await before.close();
    const after = await start({ store, resources: ["https://b.example.com"] });
    expect(await defaultsOf(after)).toEqual([
      [MCP, true],
      ["https://b.example.com", false],
    ]);
    expect((await listOf(after)).data.map((resource) => resource.id)).toContain(id);
  });

  it("is not there twice", async () => {
    const server = await start({ resources: [MCP] });
    const { status, body } = await api(server, "POST", RESOURCES, { uri: MCP });
    expect([status, body]).toEqual([
      422,
      { message: `AuthKit OAuth resource '${MCP}' already exists.`, code: "unprocessable_entity" },
    ]);
  });

  it.each([
    ["uri", "required", {}],
    ["uri", "invalid_type", { uri: 1 }],
    ["uri", "invalid", { uri: "relative/path" }],
    ["uri", "invalid", { uri: "https://api.example.com/#part" }],
    ["uri", "invalid", { uri: "https://*.example.com" }],
    ["default", "invalid_type", { uri: "https://c.example.com", default: "yes" }],
  ])("must be usable: %s %s %j", async (field, code, body) => {
    const refused = await api(authkit, "POST", RESOURCES, body);
    expect([refused.status, refused.body.errors]).toEqual([422, [{ field, code }]]);
  });

  it("is added and removed by the API key only", async () => {
    for (const [method, path] of [
      ["GET", RESOURCES],
      ["POST", RESOURCES],
      ["DELETE", `${RESOURCES}/x`],
    ] as const) {
      const body = method === "POST" ? { uri: MCP } : undefined;
      expect((await api(authkit, method, path, body, "sk_test_wrong")).status).toBe(401);
    }
  });
});
