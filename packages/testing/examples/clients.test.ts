import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { startLocalAuthKit } from "@connect/local-authkit";
import { clientProfiles, connectAs, metadataDocuments } from "@connect/testing/clients";
import { visit } from "@connect/testing/drive";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, expect, it } from "vitest";

// Your application, listening.
const app = new Hono();
let server: ServerType;
const port = await new Promise<number>((resolve) => {
  server = serve({ fetch: app.fetch, port: 0, hostname: "localhost" }, (address) => resolve(address.port));
});
const mcpUrl = `http://localhost:${port}/mcp`;

const authkit = await startLocalAuthKit({
  port: 0,
  loginUri: `http://localhost:${port}/auth/login`,
  resources: [mcpUrl],
  dynamicClientRegistration: true,
  clientIdMetadataDocuments: true,
  metadataDocuments,
});
afterAll(async () => {
  server.close();
  await authkit.close();
});

const { apiKey, url: authkitUrl } = authkit;
const login = createLogin({ apiKey, authkitUrl, apiUrl: authkitUrl });
const resource = createProtectedResource({
  resource: mcpUrl,
  authkitUrl,
  scopes: ["openid", "offline_access"],
});
const verifier = createVerifier(resource.verifierConfig);

app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    authenticate: (c) =>
      c.req.header("cookie") === "session=ada" ? { user: { id: "ada", email: "ada@example.com" } } : null,
  }),
);
app.route("/", resourceRoutes(resource));
app.post("/mcp", requireToken(verifier), (c) => c.json({ jsonrpc: "2.0", id: 1, result: {} })); // yours

it.each(Object.values(clientProfiles))("lets $name in", async (profile) => {
  const { isRefreshed } = await connectAs(profile, {
    resource: mcpUrl,
    answer: (url) => visit(url, { authkit, user: { cookie: "session=ada" } }),
  });
  expect(isRefreshed).toBe(true);
});
