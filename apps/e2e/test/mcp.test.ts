import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PublishedClient, publishClientMetadata } from "../src/client-metadata.js";
import { ClientState } from "../src/client-state.js";
import { examples } from "../src/example.js";
import { audience, type Launched, launch, redirectUri } from "../src/launch.js";
import { type McpClient, mcpClients } from "../src/mcp-client.js";
import { begin, discover, redeem, Visitor } from "../src/story.js";

const versions = ["v1", "v2"] as const;
const ways = ["registration", "metadata document"] as const;
const users = {
  ada: { email: "ada@example.com", password: "ada-password", tenant: "prod_us" },
  grace: { email: "grace@example.com", password: "grace-password", tenant: "prod_eu_grace" },
} as const;

describe.each(examples)("MCP with example-%s", (example) => {
  let launched: Launched;
  let published: PublishedClient;
  let visitor: Visitor;
  let client: McpClient | undefined;

  beforeAll(async () => {
    [launched, published] = await Promise.all([launch(example), publishClientMetadata()]);
  });
  afterAll(async () => {
    await published?.close();
    await launched?.close();
  });
  beforeEach(() => {
    visitor = new Visitor();
  });
  afterEach(async () => {
    await client?.close();
    client = undefined;
  });

  /** Where the SDK sends the browser, the user signs in if need be, chooses and allows; then the SDK gets the code. */
  async function authorize(state: ClientState, name: keyof typeof users = "ada"): Promise<void> {
    const url = String(state.authorizations.at(-1));
    const { email, password, tenant } = users[name];
    let page = await visitor.browser.open(url, redirectUri);
    if (new URL(page.url).pathname === "/sign-in") page = await visitor.signIn(page, email, password);
    const callback = await visitor.allow(page, tenant);
    expect(callback.url).toContain(`${redirectUri}?`);
    await client?.finishAuth(new URL(callback.url).searchParams);
  }

  /** Connects from nothing. */
  async function connect(
    version: (typeof versions)[number],
    state: ClientState,
    name?: keyof typeof users,
  ): Promise<unknown> {
    client = mcpClients[version](launched.mcpUrl, state);
    await expect(client.callTool("list_workspaces")).rejects.toThrow(/Unauthorized/i);
    await authorize(state, name);
    return client.callTool("list_workspaces");
  }

  describe.each(versions)("the SDK's client %s", (version) => {
    it.each(ways)("finds its way in by %s, and refreshes", async (way) => {
      const state = new ClientState(way === "registration" ? undefined : published.clientId);
      expect(await connect(version, state)).toMatchObject({ user: "Ada Lovelace", chosen: "prod_us" });

      const authorization = state.authorizations[0]?.searchParams;
      const clientId = authorization?.get("client_id");
      if (way === "registration") expect(clientId).not.toContain("http");
      else expect(clientId).toBe(published.clientId);
      expect(authorization?.get("resource")).toBe(launched.mcpUrl);

      const before = state.tokens();
      expect(decodeJwt(String(before?.access_token)).aud).toBe(launched.mcpUrl);
      state.spoilAccessToken();
      expect(await client?.callTool("list_workspaces")).toMatchObject({ user: "Ada Lovelace" });
      expect(state.tokens()?.access_token).not.toContain(before?.access_token);
      expect(state.tokens()?.refresh_token).toEqual(expect.any(String));
      expect(state.tokens()?.refresh_token).not.toBe(before?.refresh_token);
      expect(state.authorizations).toHaveLength(1);
    });

    it("asks the user for the scope that a tool needs", async () => {
      const state = new ClientState();
      await connect(version, state);
      // The first version refreshes where it could ask the user, and gives up when that gained it nothing.
      if (version === "v1") state.forgetRefreshToken();
      await expect(client?.callTool("contact_card")).rejects.toThrow(/Unauthorized/i);
      expect(state.authorizations).toHaveLength(2);
      const scope = state.authorizations[1]?.searchParams.get("scope")?.split(" ");
      expect(scope).toEqual(expect.arrayContaining(["openid", "offline_access", "email"]));

      await authorize(state);
      const card = { name: "Ada Lovelace", email: "ada@example.com" };
      expect(await client?.callTool("contact_card")).toEqual(card);
      state.spoilAccessToken();
      expect(await client?.callTool("contact_card")).toEqual(card);
    });
  });

  it("names the scope and the metadata in the refusal of a tool's call", async () => {
    const state = new ClientState();
    await connect("v2", state);
    const refused = await callMcp(String(state.tokens()?.access_token), "contact_card");
    expect(refused.status).toBe(403);
    const challenge = refused.headers.get("www-authenticate");
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toMatch(/scope="[^"]*\bemail\b[^"]*"/);
    expect(challenge).toContain(
      `resource_metadata="${launched.exampleUrl}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  it.each(["application/octet-stream", "application/json"])(
    "tells who has no token where to get one, before it looks at a body of %s",
    async (type) => {
      const refused = await fetch(launched.mcpUrl, {
        method: "POST",
        headers: { "content-type": type },
        body: "{ no JSON",
      });
      expect(refused.status).toBe(401);
      expect(refused.headers.get("www-authenticate")).toContain("resource_metadata=");
    },
  );

  it("refuses the API's tokens, and says what it expected in the log alone", async () => {
    const config = await discover(launched.authkit.issuer);
    const begun = await begin(config);
    const consentPage = await visitor.signIn(await visitor.start(begun));
    const { access_token: token } = await redeem(
      config,
      (await visitor.allow(consentPage, "prod_us")).url,
      begun,
    );
    expect(decodeJwt(token).aud).toBe(audience);

    const seen = launched.log().length;
    const refused = await callMcp(token, "list_workspaces");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await refused.text()).not.toContain("aud");
    await expect
      .poll(() => launched.log().slice(seen))
      .toContain(`token refused: invalid_token (aud, expected ${launched.mcpUrl})`);
    for (const part of token.split(".")) expect(launched.log()).not.toContain(part);
  });

  it("serves clients that run in a browser", async () => {
    const origin = "https://assistant.example";
    const preflight = await fetch(launched.mcpUrl, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,mcp-protocol-version",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
    const refused = await fetch(launched.mcpUrl, { method: "POST", headers: { origin } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(refused.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");

    const state = new ClientState();
    await connect("v2", state);
    const answered = await callMcp(String(state.tokens()?.access_token), "list_workspaces", { origin });
    expect(answered.status).toBe(200);
    expect(answered.headers.get("access-control-allow-origin")).toBe("*");
    // The pages that hold a session are no business of other sites.
    const page = await fetch(launched.exampleUrl, { headers: { origin } });
    expect(page.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("shows the connected apps, and disconnects one", async () => {
    const state = new ClientState();
    await connect("v2", state, "grace");
    const address = `${launched.exampleUrl}/connected-apps`;
    const page = await visitor.browser.open(address);
    const apps = page.document.querySelectorAll(".app");
    expect(apps).toHaveLength(1);
    for (const text of ["Acme Assistant", "Know who you are", launched.mcpUrl])
      expect(apps[0]?.text).toContain(text);

    const foreign = await visitor.browser.submit(page, {}, undefined, "https://evil.example");
    expect(foreign.status).toBe(403);
    expect((await visitor.browser.open(address)).document.text).toContain("Acme Assistant");

    const rest = await visitor.browser.submit(page, {});
    expect([rest.url, rest.status]).toEqual([address, 200]);
    expect(rest.document.text).toContain("No app is connected");

    // The client finds its refresh token gone and has to ask the user anew.
    state.spoilAccessToken();
    await expect(client?.callTool("list_workspaces")).rejects.toThrow(/Unauthorized/i);
    expect(state.authorizations).toHaveLength(2);
  });

  function callMcp(token: string, name: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(launched.mcpUrl, {
      method: "POST",
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {} } }),
    });
  }
});
