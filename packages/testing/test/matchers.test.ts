import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { assertChallenge, assertSendsToAuthKit, createTestAuthKit } from "../src/index.js";
import "../src/vitest.js";
import { createApi, METADATA_URL } from "./support/api.js";

const authkit = createTestAuthKit();
const api = createApi(authkit);

function bearer(token: string) {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** What a failed expectation says. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error("It did not fail.");
}

function challenge(header: string, status = 401): Response {
  return new Response(null, { status, headers: { "www-authenticate": header } });
}

describe("toBeChallenge", () => {
  it("tells a request without a token, a bad token and a lack of scopes apart", async () => {
    expect(await api.request("/notes")).toBeChallenge({ error: null });
    expect(await api.request("/notes", bearer(await authkit.token.expired()))).toBeChallenge({
      error: "invalid_token",
    });
    const poor = await api.request("/notes", bearer(await authkit.token({ scopes: ["notes:read"] })));
    expect(poor).toBeChallenge({ error: "insufficient_scope", scope: ["notes:write", "notes:read"] });
    expect(poor).toBeChallenge({ scope: "notes:read notes:write" });
    expect(await api.request("/notes", bearer("no token"))).toBeChallenge({ error: "invalid_request" });
  });

  it("looks for the metadata's address", async () => {
    expect(await api.request("/mcp")).toBeChallenge({ error: null, resourceMetadata: METADATA_URL });
  });

  it("takes any challenge where nothing is said, and no other response", async () => {
    expect(await api.request("/notes")).toBeChallenge();
    const scopes = ["notes:read", "notes:write"];
    const good = await api.request("/notes", bearer(await authkit.token({ scopes })));
    expect(good).not.toBeChallenge();
    expect(good.status).toBe(200);
  });

  it.each(Object.entries(authkit.token.broken))("is what an API answers to %s", async (_, make) => {
    expect(await api.request("/notes", bearer(await make()))).toBeChallenge({ error: "invalid_token" });
  });

  it.each<[string, Response, Parameters<typeof assertChallenge>[1], string]>([
    [
      "no challenge",
      new Response(null),
      {},
      "Expected a challenge (WWW-Authenticate: Bearer), but the response is 200 without one.",
    ],
    ["another scheme", challenge("Basic realm=x"), {}, "the response is 401 without one"],
    [
      "another error",
      challenge('Bearer error="invalid_token"'),
      { error: "insufficient_scope" },
      "to say insufficient_scope, but it says invalid_token.",
    ],
    [
      "an error where none should be",
      challenge('Bearer error="invalid_token"'),
      { error: null },
      "to name no error, but it says invalid_token.",
    ],
    [
      "no error where one should be",
      challenge("Bearer"),
      { error: "invalid_token" },
      "to say invalid_token, but it names none.",
    ],
    [
      "a status that doesn't fit the error",
      challenge('Bearer error="insufficient_scope"', 401),
      {},
      "Expected status 403 with this challenge, but the response is 401.",
    ],
    [
      "a status that doesn't fit no error",
      challenge("Bearer", 403),
      {},
      "Expected status 401 with this challenge, but the response is 403.",
    ],
    [
      "other scopes",
      challenge('Bearer scope="a b"'),
      { scope: "a c" },
      "to ask for a c, but it asks for a b.",
    ],
    ["no scopes", challenge("Bearer"), { scope: "a" }, "to ask for a, but it asks for no scopes."],
    [
      "other metadata",
      challenge('Bearer resource_metadata="https://a.example/b?c=d"'),
      { resourceMetadata: "https://a.example/" },
      "to name the metadata https://a.example/, but it names https://a.example/b.",
    ],
    ["no metadata", challenge("Bearer"), { resourceMetadata: "https://a.example/" }, "but it names none."],
  ])("says what it found instead: %s", (_, response, expected, words) => {
    expect(messageOf(() => expect(response).toBeChallenge(expected))).toContain(words);
    expect(messageOf(() => assertChallenge(response, expected))).toContain(words);
  });

  it("says what is wrong where there should be none", () => {
    expect(messageOf(() => expect(challenge("Bearer")).not.toBeChallenge())).toContain(
      "not to be such a challenge",
    );
  });

  it("finds the bearer challenge among others, in any case and spelling", () => {
    const header =
      'Basic realm="a, b", bearer error=invalid_token , scope="say \\"a\\" b",resource_metadata="https://a.example/"';
    const found = challenge(header);
    expect(found).toBeChallenge({
      error: "invalid_token",
      scope: ["say", '"a"', "b"],
      resourceMetadata: "https://a.example/",
    });
  });

  it("never prints a token that a broken application put into its challenge", async () => {
    const token = await authkit.token();
    const leaks = [
      challenge(`Bearer error="${token}"`),
      challenge(`Bearer scope="${token}"`),
      challenge(`Bearer resource_metadata="https://a.example/?t=${token}"`),
      challenge(`Bearer resource_metadata="https://a.example/${token}"`),
      challenge(`Bearer resource_metadata="${token}"`),
      challenge(`Basic ${token}`),
    ];
    for (const response of leaks) {
      const expected = { error: undefined, scope: "a", resourceMetadata: "https://b.example/" };
      const all = [{ ...expected, error: null }, expected, { resourceMetadata: "https://b.example/" }];
      for (const one of all) {
        expect(messageOf(() => expect(response).toBeChallenge(one))).not.toContain(token.slice(0, 60));
      }
    }
  });
});

describe("toSendToAuthKit", () => {
  it("is what the Login URI answers to somebody who is signed in", async () => {
    const { url } = authkit.beginLogin();
    const response = await api.request(url("/auth/login"), { headers: { "x-user": "ada" } });
    expect(response).toSendToAuthKit(authkit);
    assertSendsToAuthKit(response, authkit);
  });

  it("is not what it answers to somebody who is not", async () => {
    const response = await api.request(authkit.beginLogin().url("/auth/login"));
    expect(response).not.toSendToAuthKit(authkit);
    const message = messageOf(() => expect(response).toSendToAuthKit(authkit));
    expect(message).toContain("but it leads to /sign-in.");
    expect(message).not.toContain("ext_auth");
  });

  it.each<[string, number, Record<string, string>, string]>([
    ["a page", 200, {}, "but the response is 200."],
    [
      "another status",
      307,
      { location: authkit.issuer },
      "but the response is 307 to https://test.authkit.app/.",
    ],
    [
      "another site",
      303,
      { location: "https://elsewhere.example/a?b" },
      "but it leads to https://elsewhere.example/a.",
    ],
    ["a redirect that caches keep", 303, { location: `${authkit.issuer}/a` }, "to be no-store"],
  ])("says what it found instead: %s", (_, status, headers, words) => {
    const response = new Response(null, { status, headers });
    expect(messageOf(() => expect(response).toSendToAuthKit(authkit))).toContain(words);
    expect(messageOf(() => assertSendsToAuthKit(response, authkit))).toContain(words);
  });

  it("says what is wrong where there should be no such redirect", () => {
    const headers = { location: `${authkit.issuer}/a?state=s`, "cache-control": "private, no-store" };
    const response = new Response(null, { status: 302, headers });
    expect(messageOf(() => expect(response).not.toSendToAuthKit(authkit))).toContain(
      "not to send the browser",
    );
  });
});

describe("responses", () => {
  it("may be Fastify's", async () => {
    const app = Fastify();
    app.get("/notes", (_, reply) => reply.code(401).header("www-authenticate", "Bearer").send());
    expect(await app.inject("/notes")).toBeChallenge({ error: null });
    await app.close();
  });

  it("may be Node's", async () => {
    const server = createServer((_, response) => {
      response.writeHead(303, { location: `${authkit.issuer}/a`, "cache-control": "no-store" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((resolve) =>
      get({ port, host: "127.0.0.1" }, resolve),
    );
    response.resume();
    expect(response).toSendToAuthKit(authkit);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
