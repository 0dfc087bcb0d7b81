import { describe, expect, it } from "vitest";
import { createProtectedResource, type ProtectedResourceConfig, type Reply, toReply } from "../src/index.js";
import { resourceRoute } from "../src/web/index.js";
import { type Changes, createTestVerifier, signToken } from "./support/issuer.js";
import { request, withAuthorization } from "./support/requests.js";

const AUTHKIT_URL = "https://example.authkit.app";
const RESOURCE = "https://api.example.com/mcp";
const PRM = "/.well-known/oauth-protected-resource";
const AS = "/.well-known/oauth-authorization-server";
const DOCUMENT = `{ "issuer": "${AUTHKIT_URL}", "registration_endpoint":"${AUTHKIT_URL}/oauth2/register" }`;

const create = (config: Partial<ProtectedResourceConfig> = {}) =>
  createProtectedResource({
    resource: RESOURCE,
    authkitUrl: AUTHKIT_URL,
    fetch: async () => new Response(DOCUMENT),
    ...config,
  });

async function replyTo(url: string, method = "GET", config: Partial<ProtectedResourceConfig> = {}) {
  const outcome = await create(config).handle(request(url, { method }));
  return outcome === null ? null : toReply(outcome);
}

describe("the address of the metadata", () => {
  it.each([
    ["https://api.example.com", `https://api.example.com${PRM}`, [PRM, AS]],
    ["https://api.example.com/", `https://api.example.com${PRM}`, [PRM, AS]],
    ["https://api.example.com?a=b", `https://api.example.com${PRM}?a=b`, [PRM, AS]],
    ["https://api.example.com/?a=b", `https://api.example.com${PRM}?a=b`, [PRM, AS]],
    [
      "https://api.example.com/mcp",
      `https://api.example.com${PRM}/mcp`,
      [`${PRM}/mcp`, PRM, `${AS}/mcp`, AS],
    ],
    [
      "https://api.example.com/mcp/",
      `https://api.example.com${PRM}/mcp/`,
      [`${PRM}/mcp/`, PRM, `${AS}/mcp/`, AS],
    ],
    [
      "https://api.example.com/a/b?c=d/e&f=%22",
      `https://api.example.com${PRM}/a/b?c=d/e&f=%22`,
      [`${PRM}/a/b`, PRM, `${AS}/a/b`, AS],
    ],
    [
      "https://API.example.com:443/m%20cp",
      `https://api.example.com${PRM}/m%20cp`,
      [`${PRM}/m%20cp`, PRM, `${AS}/m%20cp`, AS],
    ],
    ["http://127.0.0.1:3000/mcp", `http://127.0.0.1:3000${PRM}/mcp`, [`${PRM}/mcp`, PRM, `${AS}/mcp`, AS]],
  ])("of %s has the path after the well-known part", async (resource, metadataUrl, paths) => {
    const made = create({ resource });
    expect(made.metadataUrl).toBe(metadataUrl);
    expect(made.paths).toEqual(paths);
    // Byte for byte: it is what clients compare, and what they ask AuthKit for.
    expect(made.metadata.resource).toBe(resource);
    for (const address of [metadataUrl, new URL(PRM, resource).href]) {
      expect(await made.handle(request(address))).toEqual({
        type: "metadata",
        json: JSON.stringify(made.metadata),
        head: false,
      });
    }
  });
});

describe("the metadata", () => {
  it("names the resource, AuthKit as its issuer is written, and the header", () => {
    expect(create({ authkitUrl: `${AUTHKIT_URL}/` }).metadata).toStrictEqual({
      resource: RESOURCE,
      authorization_servers: [AUTHKIT_URL],
      bearer_methods_supported: ["header"],
    });
  });

  it("names scopes where there are some", () => {
    const scopes = ["openid", "offline_access"];
    const { metadata } = create({ scopes });
    scopes.push("late");
    expect(metadata.scopes_supported).toEqual(["openid", "offline_access"]);
    expect(create({ scopes: [] }).metadata).not.toHaveProperty("scopes_supported");
  });

  it("cannot be changed", () => {
    const { metadata, verifierConfig, paths } = create({ scopes: ["openid"] });
    const parts = [
      metadata,
      metadata.authorization_servers,
      metadata.bearer_methods_supported,
      metadata.scopes_supported,
      verifierConfig,
      paths,
    ];
    for (const part of parts) expect(part).toSatisfy(Object.isFrozen);
  });
});

describe("the verifier of a resource's tokens", () => {
  it("made with what the resource says lets its tokens in, and no others, and names the metadata", async () => {
    const [resource, issuer] = ["https://API.example.com/tools", "https://login.example.com"];
    const { verifierConfig, metadataUrl } = create({ resource, authkitUrl: `${issuer}/` });
    const verifier = createTestVerifier(verifierConfig);
    const visit = async (changes: Changes) =>
      verifier.authorize(withAuthorization(`Bearer ${await signToken(changes)}`));
    expect(await visit({ aud: resource, iss: issuer })).toMatchObject({ type: "authorized" });
    for (const stranger of [{ iss: issuer }, { aud: resource }]) {
      expect(await visit(stranger)).toMatchObject({
        type: "challenge",
        challenge: expect.stringContaining(`resource_metadata="${metadataUrl}"`),
      });
    }
  });
});

const OPEN = { "access-control-allow-origin": "*" };
const GOOD = {
  ...OPEN,
  "cache-control": "public, max-age=300",
  "content-type": "application/json; charset=utf-8",
};

describe("the answer", () => {
  it.each<[method: string, url: string, reply: Reply]>([
    ["GET", `${PRM}/mcp`, { status: 200, headers: GOOD, body: JSON.stringify(create().metadata) }],
    ["HEAD", `${PRM}/mcp`, { status: 200, headers: GOOD, body: null }],
    ["GET", `${AS}/mcp`, { status: 200, headers: GOOD, body: DOCUMENT }],
    ["HEAD", AS, { status: 200, headers: GOOD, body: null }],
  ])("to %s %s is for everybody to read and to keep", async (method, url, reply) => {
    expect(await replyTo(url, method)).toStrictEqual(reply);
  });

  it.each([PRM, AS])("to a preflight for %s allows what MCP clients send", async (url) => {
    expect(await replyTo(url, "OPTIONS")).toStrictEqual({
      status: 204,
      headers: {
        ...OPEN,
        "access-control-allow-methods": "GET, HEAD, OPTIONS",
        "access-control-allow-headers": "*",
        allow: "GET, HEAD, OPTIONS",
      },
      body: null,
    });
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "TRACE", "get", ""])(
    "to %j says which methods there are, and asks AuthKit nothing",
    async (method) => {
      const fetch = () => Promise.reject(new Error("asked"));
      for (const url of [PRM, AS]) {
        expect(await replyTo(url, method, { fetch })).toStrictEqual({
          status: 405,
          headers: { ...OPEN, "cache-control": "no-store", allow: "GET, HEAD, OPTIONS" },
          body: null,
        });
      }
    },
  );

  it.each([
    ["GET", true],
    ["HEAD", false],
  ])("to %s is 503 and kept by nobody where AuthKit's document can't be had", async (method, hasBody) => {
    expect(await replyTo(AS, method, { fetch: async () => new Response(null, { status: 500 }) })).toEqual({
      status: 503,
      headers: {
        ...OPEN,
        "cache-control": "no-store",
        "content-type": "application/json; charset=utf-8",
        "retry-after": "10",
      },
      body: hasBody ? expect.stringContaining('"error":"metadata_unavailable"') : null,
    });
  });

  it.each([
    `https://evil.example${PRM}`,
    `http://127.0.0.1:1${PRM}/mcp`,
    `${PRM}?resource=https://evil.example`,
    `${PRM}/mcp?x=y#z`,
  ])("is the same whatever host and query are asked with: %s", async (url) => {
    const outcome = await create().handle({
      method: "GET",
      url,
      headers: {
        get: (name) => {
          throw new Error(`read ${name}`);
        },
      },
    });
    expect(outcome).toEqual({ type: "metadata", json: JSON.stringify(create().metadata), head: false });
  });
});

describe("a request for something else", () => {
  it.each([
    "/",
    "",
    "*",
    "/mcp",
    "/.well-known",
    "/.well-known/openid-configuration",
    `${PRM}/`,
    `${PRM}/mcp/`,
    `${PRM}/MCP`,
    `${PRM}/m%63p`,
    `${PRM}/other`,
    `${PRM}mcp`,
    `/x${PRM}`,
    `//evil.example${PRM}`,
    `/x?${PRM}`,
    `https://api.example.com/mcp${PRM}`,
    "https://",
    "//:x",
  ])("is not answered: %s", async (url) => {
    for (const method of ["GET", "OPTIONS", "POST"]) expect(await replyTo(url, method)).toBeNull();
  });
});

describe("resourceRoute", () => {
  it("answers as a web response, and leaves other requests alone", async () => {
    const answer = resourceRoute(create());
    const response = await answer(new Request(`https://inner.example${PRM}/mcp`));
    expect(response?.status).toBe(200);
    expect(await response?.json()).toEqual(create().metadata);
    expect(await answer(new Request("https://inner.example/mcp"))).toBeNull();
  });
});
