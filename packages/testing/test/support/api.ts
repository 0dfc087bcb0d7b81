import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/hono";
import { Hono } from "hono";
import type { TestAuthKit } from "../../src/index.js";

export const METADATA_URL = "https://api.example.com/.well-known/oauth-protected-resource/mcp";

/** An application that a test kit's user would have: a Login URI and an API. */
export function createApi(authkit: TestAuthKit): Hono {
  const { issuer, apiKey } = authkit;
  const fetch = authkit.fetch;
  const login = createLogin({ apiKey, authkitUrl: issuer, fetch });
  const resource = createProtectedResource({ resource: "https://api.example.com/mcp", authkitUrl: issuer });
  const config = { issuer, audience: authkit.audience, fetch, clock: authkit.clock.now };
  const app = new Hono();
  app.get("/notes", requireToken(createVerifier(config), { scopes: ["notes:read", "notes:write"] }), (c) =>
    c.json({ subject: c.var.accessToken.subject }),
  );
  const described = createVerifier({ ...config, resourceMetadataUrl: resource.metadataUrl });
  app.get("/mcp", requireToken(described), (c) => c.json({ subject: c.var.accessToken.subject }));
  app.get(
    "/auth/login",
    loginRoute(login, {
      signInUrl: "/sign-in",
      authenticate: (c) => {
        const id = c.req.header("x-user");
        return id === undefined ? null : { user: { id, email: `${id}@example.com` } };
      },
    }),
  );
  return app;
}
