import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { AuthInfo } from "@modelcontextprotocol/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMcp, type Mcp, openProduct, type Product } from "../src/index.js";

let product: Product;
let mcp: Mcp;
beforeAll(async () => {
  product = await openProduct();
  mcp = createMcp(product, "https://notes.example.com");
});
afterAll(() => product?.close());

/** What a verified token of this user's looks like to the SDK. */
function authInfo(accessToken: unknown): AuthInfo {
  return { token: "", clientId: "client_1", scopes: [], extra: { accessToken } };
}

async function callTool(name: string, auth: AuthInfo) {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL("https://notes.example.com/mcp"), {
      fetch: (url, init) => {
        const request = new Request(url, init);
        request.headers.set("host", "notes.example.com");
        return mcp.fetch(request, { authInfo: auth });
      },
    }),
  );
  try {
    return await client.callTool({ name, arguments: {} });
  } finally {
    await client.close();
  }
}

describe("the MCP server", () => {
  it("says who calls, what they chose, and the workspaces they have", async () => {
    const ada = authInfo({ userId: "usr_ada", claims: { "urn:example:tenant": "prod_us" } });
    expect((await callTool("list_workspaces", ada)).structuredContent).toEqual({
      user: "Ada Lovelace",
      chosen: "prod_us",
      workspaces: [
        { id: "prod_us", name: "US-East", environment: "Production" },
        { id: "prod_eu", name: "EU-West", environment: "Production" },
        { id: "staging_us", name: "US-East", environment: "Staging" },
      ],
    });
    const linus = authInfo({ userId: "usr_linus", claims: {} });
    expect((await callTool("list_workspaces", linus)).structuredContent).toMatchObject({
      chosen: null,
      workspaces: [],
    });
  });

  it("gives a user's contact card, as text, too", async () => {
    const result = await callTool("contact_card", authInfo({ userId: "usr_ada", claims: {} }));
    expect(result.structuredContent).toEqual({ name: "Ada Lovelace", email: "ada@example.com" });
    expect(result.content).toMatchObject([
      { type: "text", text: expect.stringContaining("ada@example.com") },
    ]);
  });

  it.each([{ userId: "usr_nobody", claims: {} }, { userId: undefined, claims: {} }, undefined])(
    "has nothing for %o",
    async (accessToken) => {
      const result = await callTool("list_workspaces", authInfo(accessToken));
      expect(result).toMatchObject({ isError: true });
      expect(result.structuredContent).toBeUndefined();
    },
  );

  it.each([
    ["notes.example.com", 405],
    ["localhost:3000", 405],
    ["evil.example", 403],
    ["notes.example.com.evil.example", 403],
  ])("answers a request for the host %s with %i", async (host, status) => {
    const request = new Request("https://notes.example.com/mcp", { headers: { host } });
    expect((await mcp.fetch(request, { authInfo: authInfo(undefined) })).status).toBe(status);
  });
});
