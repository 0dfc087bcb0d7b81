import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  isIP,
  type LookupFunction,
  type Server,
} from "node:net";
import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { ClientMetadataDocuments } from "../src/client-metadata-documents.js";
import { createDocumentFetch, type FetchDocument } from "../src/document-fetch.js";
import type { LocalAuthKit } from "../src/server.js";
import { allow, authorization, Browser, decode, exchange, open, post, signIn, start } from "./harness.js";

const CALLBACK = "http://localhost:6274/callback";
const ADDRESS = "https://client.example.com/oauth/client.json";

const documentOf = (client_id: string, changes: object = {}) => ({
  client_id,
  client_name: "Documented Client",
  redirect_uris: ["http://localhost/callback"],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
  ...changes,
});

/** Where a client publishes its document. Each test may say how it answers. */
class Publisher {
  requests: IncomingMessage[] = [];
  answer: RequestListener = (_request, response) => response.end();
  readonly #server = createServer((request, response) => {
    this.requests.push(request);
    this.answer(request, response);
  });

  async open(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.#server)}/client.json`;
  }

  publish(document: unknown, headers: Record<string, string> = {}) {
    this.answer = (_request, response) => {
      response
        .writeHead(200, headers)
        .end(typeof document === "string" ? document : JSON.stringify(document));
    };
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function") {
      server.closeAllConnections();
    }
  });
  return (server.address() as AddressInfo).port;
}

async function published(document?: (address: string) => unknown) {
  const publisher = new Publisher();
  const address = await publisher.open();
  publisher.publish(document ? document(address) : documentOf(address));
  return { publisher, address };
}

/** A world in which documents are at any address; counts how often one is fetched. */
function world(respond: (url: string) => object, ttl = 0) {
  const fetched: string[] = [];
  const fetchDocument: FetchDocument = async (url) => {
    fetched.push(url.href);
    return { text: JSON.stringify(respond(url.href)), ttl };
  };
  return { fetchDocument, fetched };
}

const on = { clientIdMetadataDocuments: true };
const requestOf = (target: LocalAuthKit, client_id: string, changes: Record<string, string> = {}) =>
  authorization(target, { client_id, redirect_uri: CALLBACK, ...changes });

/** What a browser is shown that comes with this client id. */
async function refusalOf(target: LocalAuthKit, clientId: string) {
  const browser = new Browser();
  const { status, location } = await browser.request(requestOf(target, clientId).url);
  expect([status, location.split("?")[0]]).toEqual([302, `${target.url}/oauth2/error`]);
  const page = await browser.request(location);
  expect(page.text).toContain("Application not found");
  return { location: new URL(location), text: parse(page.text).querySelector("main")?.text ?? "" };
}

describe("client ID metadata documents", () => {
  it("are off, and nowhere published, unless they are asked for", async () => {
    const { publisher, address } = await published();
    const off = await start();
    const { location } = await refusalOf(off, address);
    expect(location.search).toBe("?error=application_not_found");
    expect(publisher.requests).toHaveLength(0);
    const metadata = await (await fetch(`${off.url}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).not.toHaveProperty("client_id_metadata_document_supported");
  });

  it("are published in the OAuth document only", async () => {
    const authkit = await start(on);
    const [oauth, openid] = await Promise.all(
      ["oauth-authorization-server", "openid-configuration"].map(async (name) =>
        (await fetch(`${authkit.url}/.well-known/${name}`)).json(),
      ),
    );
    expect(oauth.client_id_metadata_document_supported).toBe(true);
    expect(openid).not.toHaveProperty("client_id_metadata_document_supported");
  });

  it.each(["127.0.0.1", "localhost"])("make a client of an address on this machine: %s", async (host) => {
    const name = `<script>alert(1)</script>"'`;
    const { publisher, address: published_ } = await published();
    const address = published_.replace("127.0.0.1", host);
    publisher.publish(documentOf(address, { client_name: name }));
    const authkit = await start(on);
    const browser = new Browser();
    const request = requestOf(authkit, address);
    const page = await signIn(authkit, browser, request);
    expect(parse(page.text).querySelector("h1")?.text).toBe(`Allow ${name} to use your account?`);
    expect(parse(page.text).querySelectorAll("script")).toHaveLength(0);
    const callback = await allow(authkit, browser, page);
    expect(callback.href.startsWith(`${CALLBACK}?code=`)).toBe(true);

    const { status, body } = await exchange(authkit, request, callback.searchParams.get("code"));
    expect(status).toBe(200);
    expect(decode(body.access_token).claims).toMatchObject({
      client_id: address,
      scope: "openid profile email offline_access",
    });
    const renewed = await post(authkit, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: String(body.refresh_token),
      client_id: address,
    });
    expect(renewed.status).toBe(200);

    const again = await browser.follow(authkit, requestOf(authkit, address).url);
    expect(again.location.startsWith(`${CALLBACK}?code=`)).toBe(true);
    expect(publisher.requests).toHaveLength(1);
    expect(publisher.requests[0]?.headers.accept).toBe("application/json");
  });

  it("count as far as this server knows what they list", async () => {
    const { fetchDocument } = world((address) => ({
      client_id: address,
      redirect_uris: [CALLBACK],
      grant_types: ["urn:example:other", "authorization_code"],
      response_types: ["id_token", "code"],
      scope: "notes:read",
      logo_uri: "not a URL",
      client_uri: 1,
    }));
    const authkit = await start(on, { fetchDocument });
    const page = await signIn(authkit, new Browser(), requestOf(authkit, ADDRESS));
    expect(parse(page.text).querySelector("h1")?.text).toBe(`Allow ${ADDRESS} to use your account?`);
    const { location } = await new Browser().request(
      requestOf(authkit, ADDRESS, { scope: "openid notes:read" }).url,
    );
    expect(new URL(location).searchParams.get("error")).toBe("invalid_scope");
  });

  it("do not stand above PKCE and the registered redirect URIs", async () => {
    const { fetchDocument } = world(documentOf);
    const authkit = await start(on, { fetchDocument });
    const elsewhere = requestOf(authkit, ADDRESS, { redirect_uri: "https://client.example.com/callback" });
    const refused = await new Browser().request(elsewhere.url);
    expect([refused.status, refused.location]).toEqual([400, ""]);
    const url = new URL(requestOf(authkit, ADDRESS).url);
    url.searchParams.delete("code_challenge");
    const { location } = await new Browser().request(url);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_request");
  });
});

it("takes a client that can do without a key, though it prefers one", async () => {
  const { address } = await published((own) =>
    documentOf(own, {
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
      jwks_uri: "https://client.example.com/jwks.json",
    }),
  );
  const authkit = await start(on);
  const browser = new Browser();
  const request = requestOf(authkit, address);
  const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
  const { status, body } = await exchange(authkit, request, callback.searchParams.get("code"));
  expect(status).toBe(200);
  expect(decode(body.access_token).claims.client_id).toBe(address);
});

describe("a document that cannot be used", () => {
  let authkit: LocalAuthKit;
  beforeAll(async () => {
    authkit = await open(on);
    return () => authkit.close();
  });

  it.each<[string, object]>([
    ["client_id", { client_id: ADDRESS }],
    ["client_id", { client_id: undefined }],
    ["redirect_uris", { redirect_uris: [] }],
    ["redirect_uris", { redirect_uris: undefined }],
    ["redirect_uris", { redirect_uris: ["javascript:alert(1)"] }],
    ["redirect_uris", { redirect_uris: ["http://client.example.com/callback"] }],
    ["token_endpoint_auth_method", { token_endpoint_auth_method: "client_secret_basic" }],
    ["token_endpoint_auth_method", { token_endpoint_auth_method: "private_key_jwt" }],
    ["token_endpoint_auth_method", { token_endpoint_auth_methods_supported: ["private_key_jwt"] }],
    [
      "token_endpoint_auth_methods_supported",
      { token_endpoint_auth_methods_supported: ["none", "client_secret_post"] },
    ],
    ["client_secret", { client_secret: "s" }],
    ["client_secret_expires_at", { client_secret_expires_at: 0 }],
    ["grant_types", { grant_types: ["client_credentials"] }],
    ["response_types", { response_types: ["token"] }],
    ["client_name", { client_name: "" }],
  ])("makes no client, and the page says why: %s in %j", async (member, changes) => {
    const { address } = await published((own) => documentOf(own, changes));
    const { location, text } = await refusalOf(authkit, address);
    expect(location.search).toBe(`?error=application_not_found&document=${member}`);
    expect(text).toContain(member);
  });

  it.each<[string, string, string, (response: ServerResponse, address: string) => void]>([
    ["is not JSON", "json", "JSON object", (response) => response.end("<html>")],
    ["is a list", "json", "JSON object", (response) => response.end("[]")],
    ["is not found", "status", "200", (response) => response.writeHead(404).end("{}")],
    ["is empty by status", "status", "200", (response) => response.writeHead(204).end()],
    [
      "is elsewhere",
      "status",
      "Redirects are not followed",
      (response, address) => response.writeHead(302, { location: `${address}?moved` }).end(),
    ],
    ["is larger than 5 KB", "size", "5 KB", (response) => response.end(" ".repeat(5 * 1024 + 1))],
    [
      "says it is larger than 5 KB, and does not end",
      "size",
      "5 KB",
      (response) => response.writeHead(200, { "content-length": "999999" }).write(" ".repeat(6000)),
    ],
    ["breaks off", "unreachable", "cannot be fetched", (response) => response.destroy()],
    [
      "breaks off in the middle",
      "unreachable",
      "cannot be fetched",
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{", () => response.destroy());
      },
    ],
  ])("that %s makes no client", async (_name, reason, words, respond) => {
    const { publisher, address } = await published();
    publisher.answer = (_request, response) => respond(response, address);
    const { location, text } = await refusalOf(authkit, address);
    expect(location.searchParams.get("document")).toBe(reason);
    expect(text).toContain(words);
    expect(publisher.requests).toHaveLength(1);
  });

  it("may be 5 KB", async () => {
    const { publisher, address } = await published();
    const document = JSON.stringify(documentOf(address));
    publisher.publish(document.padEnd(5 * 1024));
    expect((await signIn(authkit, new Browser(), requestOf(authkit, address))).status).toBe(200);
  });

  it.each<[string, RequestListener]>([
    ["does not begin", () => {}],
    ["does not end", (_request, response) => response.writeHead(200).write("{")],
  ])("is not waited for when it %s", async (_name, answer) => {
    const { publisher, address } = await published();
    publisher.answer = answer;
    const hasty = await start(on, { fetchDocument: createDocumentFetch({ timeout: 100 }) });
    const { location } = await refusalOf(hasty, address);
    expect(location.searchParams.get("document")).toBe("unreachable");
  });

  it("gets no tokens either", async () => {
    const { publisher, address } = await published();
    publisher.answer = (_request, response) => response.writeHead(404).end();
    const { status, headers, body } = await post(authkit, "/oauth2/token", {
      grant_type: "authorization_code",
      client_id: address,
      code: "x",
    });
    expect([status, body]).toEqual([
      401,
      { error: "invalid_client", error_description: "Application not found." },
    ]);
    expect(headers.get("www-authenticate")).toBe('Basic realm="AuthKit"');
  });
});

describe("a client id is an address", () => {
  it.each([
    "https://client.example.com",
    "https://client.example.com/",
    "https://client.example.com/?client.json",
    "https://user@client.example.com/client.json",
    "https://:password@client.example.com/client.json",
    "https://client.example.com/client.json#part",
    "https://client.example.com/client.json#",
    "https://client.example.com/a/../client.json",
    "https://client.example.com/a/%2e%2e/client.json",
    "https://CLIENT.example.com/client.json",
    "https://client.example.com:443/client.json",
    "https:\\\\client.example.com\\client.json",
    " https://client.example.com/client.json",
    "http://client.example.com/client.json",
    "http://localhost.example.com/client.json",
    "http://127.0.0.2/client.json",
    "http://192.168.0.1/client.json",
    "ftp://client.example.com/client.json",
    "file:///etc/passwd",
    "data:application/json,{}",
  ])("only in one spelling, with a path, and https but on this machine: not %s", async (clientId) => {
    const { fetchDocument, fetched } = world(documentOf);
    const authkit = await start(on, { fetchDocument });
    const { location } = await refusalOf(authkit, clientId);
    expect(location.search).toBe("?error=application_not_found");
    expect(fetched).toEqual([]);
  });
});

describe("the fetch of a document", () => {
  /** All names are at this address. */
  const resolveTo =
    (address: string): LookupFunction =>
    (_name, options, callback) => {
      const family = isIP(address);
      if (options.all) callback(null, [{ address, family }]);
      else callback(null, address, family);
    };

  const causeOf = async (fetching: Promise<unknown>) => {
    const error: unknown = await fetching.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "DocumentError", reason: "unreachable" });
    return String((error as Error).cause);
  };

  it("over https connects to nothing private, whatever the name resolves to", async () => {
    const connections: unknown[] = [];
    const port = await listen(createTcpServer((socket) => connections.push(socket.destroy())));
    const fetchDocument = createDocumentFetch({ lookup: resolveTo("127.0.0.1") });
    const url = new URL(`https://client.example.com:${port}/client.json`);
    expect(await causeOf(fetchDocument(url))).toContain("is not allowed");
    expect(connections).toEqual([]);
  });

  it.each([
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
  ])("counts %s as private, as an answer and as the name itself", async (address) => {
    const literal = address.includes(":") ? `[${address}]` : address;
    const named = createDocumentFetch({ lookup: resolveTo(address) });
    expect(await causeOf(named(new URL("https://client.example.com/c")))).toContain("is not allowed");
    expect(await causeOf(createDocumentFetch()(new URL(`https://${literal}/c`)))).toContain("is not allowed");
  });

  it("does not connect to the good one of two addresses, if the other is private", async () => {
    const lookup: LookupFunction = (_name, _options, callback) =>
      callback(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]);
    const fetching = createDocumentFetch({ lookup })(new URL("https://client.example.com/c"));
    expect(await causeOf(fetching)).toContain("is not allowed");
  });

  it("over http connects to this machine and to nothing else that is private", async () => {
    const fetchDocument = createDocumentFetch({ lookup: resolveTo("192.168.1.1") });
    expect(await causeOf(fetchDocument(new URL("http://localhost/c")))).toContain("is not allowed");
  });
});

describe("a fetched document", () => {
  const DAY = 24 * 60 * 60;

  async function timed(headers: Record<string, string>) {
    const { publisher, address } = await published();
    publisher.publish(documentOf(address), headers);
    let now = Date.now();
    const authkit = await start(on, { clock: () => now });
    const visitAfter = async (seconds: number) => {
      now += seconds * 1000;
      await new Browser().request(requestOf(authkit, address).url);
      return publisher.requests.length;
    };
    return { publisher, address, authkit, visitAfter };
  }

  it.each<[string, Record<string, string>, number]>([
    ["as long as it says", { "cache-control": "max-age=600" }, 600],
    ["as long as it says, less its age", { "cache-control": "max-age=600", age: "100" }, 500],
    ["for ten seconds if it says nothing", {}, 10],
    ["for ten seconds even if it forbids that", { "cache-control": "no-store" }, 10],
    ["for a day at most", { "cache-control": "max-age=31536000" }, DAY],
  ])("is kept %s: %j", async (_name, headers, seconds) => {
    const { visitAfter } = await timed(headers);
    expect(await visitAfter(0)).toBe(1);
    expect(await visitAfter(seconds - 2)).toBe(1);
    expect(await visitAfter(3)).toBe(2);
  });

  it("is what counts from then on", async () => {
    const { publisher, address, authkit, visitAfter } = await timed({});
    await visitAfter(0);
    publisher.publish(documentOf(address, { redirect_uris: ["https://client.example.com/callback"] }));
    await visitAfter(11);
    const { status } = await new Browser().request(requestOf(authkit, address).url);
    expect(status).toBe(400);

    publisher.answer = (_request, response) => response.writeHead(404).end();
    await visitAfter(11);
    expect((await refusalOf(authkit, address)).location.searchParams.get("document")).toBe("status");
  });

  it("is fetched once for all who ask meanwhile", async () => {
    const { fetchDocument, fetched } = world(documentOf);
    const documents = new ClientMetadataDocuments(fetchDocument, Date.now, () => "loopback-too");
    const [one, other] = await Promise.all([documents.find(ADDRESS), documents.find(ADDRESS)]);
    expect(fetched).toEqual([ADDRESS]);
    expect(one).toBe(other);
  });
});
