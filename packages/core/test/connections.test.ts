import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createConnections, type Fetch } from "../src/index.js";
import { API_KEY } from "./support/authkit.js";
import { caught } from "./support/errors.js";

const USER_ID = "usr/ada?1";
const BY_EXTERNAL_ID = "GET /user_management/users/external_id/usr%2Fada%3F1";
const APPLICATIONS = "/user_management/users/user_01/authorized_applications";
const user = { object: "user", id: "user_01", external_id: USER_ID, email: "ada@example.com" };

const entry = (id: string, more: object = {}) => ({
  object: "authorized_connect_application",
  id: `authorized_connect_app_${id}`,
  granted_scopes: ["openid", "email"],
  application: { object: "connect_application", id, name: `Application ${id}`, client_id: `client_${id}` },
  ...more,
});
const page = (data: unknown[], after: string | null = null) => ({
  object: "list",
  data,
  list_metadata: { before: null, after },
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** The API as a real server: what it answers by method and address; everything else is not found. */
async function startApi(answers: Record<string, [status: number, body?: unknown]>) {
  const calls: { call: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    calls.push({ call, authorization: request.headers.authorization });
    const [status, body] = answers[call] ?? [404, { message: "not found" }];
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { calls, apiUrl, connections: createConnections({ apiKey: API_KEY, apiUrl }) };
}

describe("a user's connections", () => {
  it("are what AuthKit knows under the application's own id of the user", async () => {
    const { connections, calls } = await startApi({
      [BY_EXTERNAL_ID]: [200, user],
      [`GET ${APPLICATIONS}?limit=100`]: [
        200,
        page([entry("app_1", { oauth_resource: "https://api.example.com/mcp" }), entry("app_2")]),
      ],
    });
    expect(await connections.list(USER_ID)).toEqual([
      {
        applicationId: "app_1",
        name: "Application app_1",
        scopes: ["openid", "email"],
        resource: "https://api.example.com/mcp",
      },
      { applicationId: "app_2", name: "Application app_2", scopes: ["openid", "email"], resource: undefined },
    ]);
    expect(calls.map(({ authorization }) => authorization)).toEqual(Array(2).fill(`Bearer ${API_KEY}`));
  });

  it("are read to the last page", async () => {
    const { connections } = await startApi({
      [BY_EXTERNAL_ID]: [200, user],
      [`GET ${APPLICATIONS}?limit=100`]: [200, page([entry("app_1")], "a&b")],
      [`GET ${APPLICATIONS}?limit=100&after=a%26b`]: [200, page([entry("app_2")])],
    });
    const ids = (await connections.list(USER_ID)).map(({ applicationId }) => applicationId);
    expect(ids).toEqual(["app_1", "app_2"]);
  });

  it("are not read without end", async () => {
    const { connections, calls } = await startApi({
      [BY_EXTERNAL_ID]: [200, user],
      [`GET ${APPLICATIONS}?limit=100`]: [200, page([entry("app_1")], "again")],
      [`GET ${APPLICATIONS}?limit=100&after=again`]: [200, page([entry("app_1")], "again")],
    });
    expect(await caught(() => connections.list(USER_ID))).toMatchObject({ code: "invalid_authkit_response" });
    expect(calls.length).toBeLessThan(30);
  });

  it("are none for a user whom AuthKit does not know", async () => {
    const { connections } = await startApi({});
    expect(await connections.list("nobody")).toEqual([]);
  });

  it("are none for a user who is deleted just then", async () => {
    const { connections } = await startApi({ [BY_EXTERNAL_ID]: [200, user] });
    expect(await connections.list(USER_ID)).toEqual([]);
  });

  it.each(["", ".", "..", "ö", "a".repeat(129), "a\nb", undefined, null, 5])(
    "are not asked for under an id that is none: %o",
    async (userId) => {
      const { connections, calls } = await startApi({});
      const expected = { code: "invalid_user", reason: "userId" };
      expect(await caught(() => connections.list(userId as string))).toMatchObject(expected);
      expect(await caught(() => connections.remove(userId as string, "app_1"))).toMatchObject(expected);
      expect(calls).toEqual([]);
    },
  );
});

describe("taking a connection back", () => {
  it.each([204, 200, 404])("is done where AuthKit says %i", async (status) => {
    const call = `DELETE ${APPLICATIONS}/app_1`;
    const { connections, calls } = await startApi({ [BY_EXTERNAL_ID]: [200, user], [call]: [status] });
    expect(await connections.remove(USER_ID, "app_1")).toBeUndefined();
    expect(calls.at(-1)?.call).toBe(call);
  });

  it("stays with this user, whatever the application's id says", async () => {
    const { connections, calls } = await startApi({ [BY_EXTERNAL_ID]: [200, user] });
    for (const id of ["../../user_02/authorized_applications/app_1", "a?b", "a#b", "%2e%2e"]) {
      await connections.remove(USER_ID, id);
      expect(calls.at(-1)?.call).toBe(`DELETE ${APPLICATIONS}/${encodeURIComponent(id)}`);
    }
    const before = calls.length;
    for (const id of ["", ".", "..", "ö", undefined, { toString: () => "app_1" }]) {
      await connections.remove(USER_ID, id as string);
    }
    expect(calls.slice(before).filter(({ call }) => call.startsWith("DELETE"))).toEqual([]);
  });

  it("of a user whom AuthKit does not know is none", async () => {
    const { connections } = await startApi({});
    expect(await connections.remove("nobody", "app_1")).toBeUndefined();
  });
});

describe("where the API fails", () => {
  it.each<[status: number, body: unknown, code: string]>([
    [401, {}, "unauthorized_api_key"],
    [403, {}, "unauthorized_api_key"],
    [429, {}, "rate_limited"],
    [500, {}, "authkit_unavailable"],
    [302, {}, "invalid_authkit_response"],
    [400, {}, "invalid_authkit_response"],
    [200, {}, "invalid_authkit_response"],
    [200, { id: ".." }, "invalid_authkit_response"],
    [200, { id: 5 }, "invalid_authkit_response"],
    [200, "<html>", "invalid_authkit_response"],
  ])("at finding the user with %i %j, it is %s", async (status, body, code) => {
    const { connections } = await startApi({ [BY_EXTERNAL_ID]: [status, body] });
    for (const call of [connections.list(USER_ID), connections.remove(USER_ID, "app_1")]) {
      const error = await caught(() => call);
      expect(error.code).toBe(code);
      expect(inspect(error)).not.toMatch(/usr|user_01|sk_test|ada@/);
    }
  });

  it.each<[status: number, body: unknown, code: string]>([
    [500, {}, "authkit_unavailable"],
    [200, { data: [] }, "invalid_authkit_response"],
    [200, page([{}]), "invalid_authkit_response"],
    [200, page([entry("app_1", { granted_scopes: "openid" })]), "invalid_authkit_response"],
    [200, page([entry("")]), "invalid_authkit_response"],
  ])("at listing with %i %j, it is %s", async (status, body, code) => {
    const { connections } = await startApi({
      [BY_EXTERNAL_ID]: [200, user],
      [`GET ${APPLICATIONS}?limit=100`]: [status, body],
    });
    expect((await caught(() => connections.list(USER_ID))).code).toBe(code);
  });

  it("at removing, it says so", async () => {
    const { connections } = await startApi({
      [BY_EXTERNAL_ID]: [200, user],
      [`DELETE ${APPLICATIONS}/app_1`]: [409, {}],
    });
    expect((await caught(() => connections.remove(USER_ID, "app_1"))).code).toBe("invalid_authkit_response");
  });

  it("to answer in time, it says so", async () => {
    const hang = () => new Promise<Response>(() => {});
    const connections = createConnections({ apiKey: API_KEY, timeout: 50, fetch: hang });
    expect(await caught(() => connections.list(USER_ID))).toMatchObject({
      code: "authkit_unavailable",
      reason: "timeout",
    });
  });

  it("to answer in time, all calls of a list share the time of one", async () => {
    const clock = vi.spyOn(Date, "now").mockReturnValue(0);
    const fetch: Fetch = async (url) => {
      if (!url.includes("external_id")) return new Promise<Response>(() => {});
      clock.mockReturnValue(60_000);
      return Response.json(user);
    };
    const connections = createConnections({ apiKey: API_KEY, timeout: 60_000, fetch });
    // The whole minute went by in the first call, so that the second has none of it left.
    expect(await caught(() => connections.list(USER_ID))).toMatchObject({ reason: "timeout" });
  });
});

describe("createConnections", () => {
  it.each([
    ["apiKey", undefined],
    ["apiKey", "a b"],
    ["apiUrl", "http://api.example.com"],
    ["timeout", 0],
    ["fetch", "fetch"],
  ])("names the option that is wrong: %s, %o", async (option, value) => {
    const error = await caught(() => createConnections({ apiKey: API_KEY, [option]: value }));
    expect(error.reason).toMatch(new RegExp(`^${option}: `));
  });
});
