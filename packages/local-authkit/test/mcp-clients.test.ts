import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as v2 from "@modelcontextprotocol/client";
import * as v1Auth from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as V1Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as V1Transport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { parse } from "node-html-parser";
import { describe, expect, it, onTestFinished } from "vitest";

import type { LocalAuthKitOptions } from "../src/config.js";
import { createDocumentFetch, type FetchDocument } from "../src/document-fetch.js";
import { allow, Browser, decode, signIn, start } from "./harness.js";

const CALLBACK = "http://localhost:6274/oauth/callback";
const DOCUMENT = "https://client.example.com/oauth/client.json";
const METADATA: OAuthClientMetadata = {
  client_name: "Desk Client",
  redirect_uris: [CALLBACK],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
  scope: "openid profile offline_access",
};

/** What an MCP client knows beforehand: nothing, or its document's address, to be used where AuthKit takes one or anyway. */
interface Known {
  clientMetadataUrl?: string;
  clientId?: string;
}

/** What an MCP client remembers of its authorization. */
class Memory {
  readonly redirectUrl = CALLBACK;
  readonly clientMetadata = METADATA;
  readonly clientMetadataUrl?: string;
  authorizationUrl = "";
  #client: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #codeVerifier = "";
  #discovered: v1Auth.OAuthDiscoveryState | undefined;

  constructor({ clientMetadataUrl, clientId }: Known, issuer: string) {
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
    if (clientId !== undefined) this.#client = { client_id: clientId, issuer };
  }

  clientInformation() {
    return this.#client;
  }
  saveClientInformation(client: OAuthClientInformationMixed) {
    this.#client = client;
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens: OAuthTokens) {
    this.#tokens = tokens;
  }
  discoveryState() {
    return this.#discovered;
  }
  saveDiscoveryState(discovered: v1Auth.OAuthDiscoveryState) {
    this.#discovered = discovered;
  }
  redirectToAuthorization(url: URL) {
    this.authorizationUrl = url.href;
  }
  saveCodeVerifier(codeVerifier: string) {
    this.#codeVerifier = codeVerifier;
  }
  codeVerifier() {
    return this.#codeVerifier;
  }
}

interface McpClient {
  /** Connects, is refused for want of a token, and sends the user away. */
  begin(memory: Memory, server: string): Promise<unknown>;
  finish(callback: URL): Promise<void>;
  refresh(memory: Memory, server: string): Promise<string>;
}

function firstGeneration(): McpClient {
  let transport: V1Transport;
  return {
    begin(memory, server) {
      transport = new V1Transport(new URL(server), { authProvider: memory });
      return new V1Client({ name: "desk", version: "1" }).connect(transport);
    },
    finish: (callback) => transport.finishAuth(callback.searchParams.get("code") ?? ""),
    refresh: (memory, server) => v1Auth.auth(memory, { serverUrl: server }),
  };
}

function secondGeneration(): McpClient {
  let transport: v2.StreamableHTTPClientTransport;
  return {
    begin(memory, server) {
      transport = new v2.StreamableHTTPClientTransport(new URL(server), { authProvider: memory });
      return new v2.Client({ name: "desk", version: "1" }).connect(transport);
    },
    finish: (callback) => transport.finishAuth(callback.searchParams),
    refresh: (memory, server) => v2.auth(memory, { serverUrl: server }),
  };
}

/** An MCP server without a tool: it wants a token, and says where to get one (RFC 9728). Gives its address. */
async function protectedResource(issuer: () => string): Promise<string> {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    if (request.url === "/.well-known/oauth-protected-resource/mcp") {
      const document = { resource: `${origin}/mcp`, authorization_servers: [issuer()] };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
      return;
    }
    const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
    response.writeHead(401, { "www-authenticate": `Bearer resource_metadata="${metadata}"` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

/** A client's metadata on loopback. */
async function publishedDocument(): Promise<string> {
  const server = createServer((request, response) => {
    const client_id = `http://${request.headers.host}${request.url}`;
    response.end(JSON.stringify({ ...METADATA, client_id }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/client.json`;
}

const fetchDocument: FetchDocument = async (url) =>
  url.href === DOCUMENT
    ? { text: JSON.stringify({ ...METADATA, client_id: DOCUMENT }), ttl: 60 }
    : createDocumentFetch()(url);

/** From an address to tokens and new tokens. */
async function walk(client: McpClient, known: Known, options: LocalAuthKitOptions) {
  let issuer = "";
  const resource = await protectedResource(() => issuer);
  const authkit = await start({ ...options, resources: [resource] }, { fetchDocument });
  issuer = authkit.issuer;
  const memory = new Memory(known, issuer);

  await expect(client.begin(memory, resource)).rejects.toThrow("Unauthorized");
  const browser = new Browser();
  const request = { url: memory.authorizationUrl, clientId: "", redirectUri: "", verifier: "" };
  const page = await signIn(authkit, browser, request);
  expect(parse(page.text).querySelector("h1")?.text).toBe("Allow Desk Client to use your account?");
  await client.finish(await allow(authkit, browser, page));
  const first = memory.tokens();
  expect(await client.refresh(memory, resource)).toBe("AUTHORIZED");
  const second = memory.tokens();
  expect(second?.refresh_token).not.toBe(first?.refresh_token);
  const [before, after] = [first, second].map((tokens) => decode(tokens?.access_token).claims);
  expect(after).toMatchObject({ aud: resource, sub: before?.sub, client_id: before?.client_id });
  expect(after?.jti).not.toBe(before?.jti);
  return String(after?.client_id);
}

describe.each<[string, () => McpClient]>([
  ["@modelcontextprotocol/sdk", firstGeneration],
  ["@modelcontextprotocol/client", secondGeneration],
])("%s comes to tokens", (_name, create) => {
  it("where it can register itself", async () => {
    const clientId = await walk(create(), {}, { dynamicClientRegistration: true });
    expect(clientId).toMatch(/^client_/);
  });

  it("where its client id may be the address of a document", async () => {
    const both = { clientIdMetadataDocuments: true, dynamicClientRegistration: true };
    expect(await walk(create(), { clientMetadataUrl: DOCUMENT }, both)).toBe(DOCUMENT);
  });

  it("where that address is on this machine", async () => {
    const address = await publishedDocument();
    expect(await walk(create(), { clientId: address }, { clientIdMetadataDocuments: true })).toBe(address);
  });
});
