import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type LocalAuthKit, type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import { Hono } from "hono";
import { onTestFinished } from "vitest";
import { listen } from "./listen.js";

/** An AuthKit and an application that is set up as it should be. */
export interface Product {
  readonly authkit: LocalAuthKit;
  readonly appUrl: string;
  readonly resource: string;
  /** Variables as a person would set them. */
  readonly env: Readonly<Record<string, string>>;
}

export async function startAuthKit(options: LocalAuthKitOptions = {}): Promise<LocalAuthKit> {
  const authkit = await startLocalAuthKit({ port: 0, ...options });
  onTestFinished(() => authkit.close());
  return authkit;
}

export async function startProduct(options: LocalAuthKitOptions = {}): Promise<Product> {
  const authkit = await startAuthKit(options);
  const app = new Hono();
  const appUrl = await listen(app);
  const { apiKey, issuer } = authkit;
  const login = createLogin({ apiKey, authkitUrl: issuer, apiUrl: issuer });
  const resource = createProtectedResource({
    resource: `${appUrl}/mcp`,
    authkitUrl: issuer,
    scopes: ["openid", "offline_access"],
  });
  const verifier = createVerifier(resource.verifierConfig);
  app.get("/auth/login", loginRoute(login, { signInUrl: "/sign-in", authenticate: () => null }));
  app.get("/sign-in", (c) => c.text("Sign in"));
  app.route("/", resourceRoutes(resource));
  app.all("/mcp", requireToken(verifier), (c) => c.json({}));
  return {
    authkit,
    appUrl,
    resource: resource.metadata.resource,
    env: {
      AUTHKIT_URL: issuer,
      WORKOS_API_KEY: apiKey,
      APP_URL: appUrl,
      CONNECT_AUDIENCE: resource.metadata.resource,
    },
  };
}
