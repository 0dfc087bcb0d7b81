import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createClient, readEnvironment, startClient } from "../src/index.js";

const ORIGIN = "http://localhost:3001";
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

/** An AuthKit that publishes its metadata, and fails for as long as `state.down`. */
async function startMetadata(state = { down: false, requests: 0 }): Promise<string> {
  const server = createServer((_, response) => {
    state.requests += 1;
    if (state.down) return void response.writeHead(500).end();
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        issuer: url,
        authorization_endpoint: `${url}/oauth2/authorize`,
        token_endpoint: `${url}/oauth2/token`,
        code_challenge_methods_supported: ["S256"],
      }),
    );
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

function clientOf(authkitUrl: string) {
  return createClient({ ...readEnvironment({}), authkitUrl, origin: ORIGIN });
}

function cookieOf(response: Response): string {
  return response.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
}

/** Starts to connect, and gives where the browser was sent and the cookie it got. */
async function connect(app: ReturnType<typeof clientOf>, cookie = "") {
  const response = await app.request(`${ORIGIN}/connect`, { headers: { cookie } });
  expect(response.status).toBe(303);
  const { searchParams } = new URL(response.headers.get("location") ?? "");
  return { query: Object.fromEntries(searchParams), cookie: cookieOf(response) || cookie };
}

describe("connecting", () => {
  it("sends the browser to AuthKit with PKCE, state, nonce and the resource", async () => {
    const app = clientOf(await startMetadata());
    const { query, cookie } = await connect(app);
    expect(query).toEqual({
      client_id: "client_local_partner",
      response_type: "code",
      redirect_uri: `${ORIGIN}/callback`,
      scope: "openid profile email offline_access",
      resource: "http://localhost:3000/api",
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    expect(cookie).toMatch(/^acme_session=[\w-]{43}$/);
  });

  it("asks for the metadata at the first connect, again after a failure, and then no more", async () => {
    const state = { down: true, requests: 0 };
    const app = clientOf(await startMetadata(state));
    expect((await app.request(`${ORIGIN}/`)).status).toBe(200);
    expect(state.requests).toBe(0);
    const failed = await app.request(`${ORIGIN}/connect`);
    expect(failed.status).toBe(502);
    expect(await failed.text()).toContain("invalid_authkit_response");
    state.down = false;
    await connect(app);
    await connect(app);
    expect(state.requests).toBe(2);
  });

  it("says so when AuthKit can't be reached", async () => {
    const response = await clientOf("http://127.0.0.1:1").request(`${ORIGIN}/connect`);
    expect(response.status).toBe(503);
    expect(await response.text()).toMatch(/gave no answer[\s\S]*<code>authkit_unreachable/);
  });
});

describe("the callback", () => {
  it("shows AuthKit's refusal, to each of two tabs its own, once", async () => {
    const app = clientOf(await startMetadata());
    const first = await connect(app);
    const second = await connect(app, first.cookie);
    for (const { query } of [first, second]) {
      const address = `${ORIGIN}/callback?error=access_denied&error_description=No%20thanks&state=${query.state}`;
      const headers = { cookie: first.cookie };
      const refused = await app.request(address, { headers });
      expect(refused.status).toBe(400);
      expect(await refused.text()).toMatch(/id="error"[\s\S]*<code>access_denied<\/code><br>No thanks/);
      expect(await (await app.request(address, { headers })).text()).toContain("invalid_state");
    }
  });

  it.each(["", "?error=access_denied", "?code=1&state=unknown", "?error=%3Cscript%3E&state=unknown"])(
    "knows no state in %j",
    async (search) => {
      const app = clientOf(await startMetadata());
      const { cookie } = await connect(app);
      const response = await app.request(`${ORIGIN}/callback${search}`, { headers: { cookie } });
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(text).toContain("<code>invalid_state</code>");
      expect(text).not.toContain("<script");
    },
  );

  it("takes a state only from the browser that began with it", async () => {
    const app = clientOf(await startMetadata());
    const { query } = await connect(app);
    const other = await connect(app);
    const headers = { cookie: other.cookie };
    const response = await app.request(`${ORIGIN}/callback?code=1&state=${query.state}`, { headers });
    expect(await response.text()).toContain("invalid_state");
  });
});

describe("the buttons", () => {
  it.each(["/call-api", "/refresh", "/disconnect"])(
    "%s refuses a request from another site",
    async (path) => {
      const app = clientOf("http://127.0.0.1:1");
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site", origin: ORIGIN },
        { origin: "http://localhost:3000" },
        { origin: "null" },
      ]) {
        const response = await app.request(`${ORIGIN}${path}`, {
          method: "POST",
          headers: new Headers(headers),
        });
        expect(response.status).toBe(403);
      }
      expect((await app.request(`${ORIGIN}${path}`)).status).toBe(404);
    },
  );

  it.each(["/call-api", "/refresh"])("%s needs a connection", async (path) => {
    const app = clientOf("http://127.0.0.1:1");
    const response = await app.request(`${ORIGIN}${path}`, { method: "POST", headers: { origin: ORIGIN } });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain("not_connected");
  });
});

describe("startClient", () => {
  it("listens where it says, and stops", async () => {
    const { url, close } = await startClient(readEnvironment({ PORT: "0" }));
    expect(await (await fetch(url)).text()).toContain("Acme");
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("rejects when the port is taken", async () => {
    const first = await startClient(readEnvironment({ PORT: "0" }));
    const PORT = new URL(first.url).port;
    await expect(startClient(readEnvironment({ PORT }))).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
  });
});
