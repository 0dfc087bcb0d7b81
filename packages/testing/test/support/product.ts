import type { AddressInfo } from "node:net";
import { createLogin, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/hono";
import { type LocalAuthKit, type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** What a test wants of the product. */
export interface ProductOptions {
  readonly authkit?: LocalAuthKitOptions;
  readonly confirm?: true;
  readonly fallbackUrl?: string;
  /** Whether the user shall choose a workspace. Default: yes. */
  readonly asksForWorkspace?: boolean;
}

/** A small product with a sign-in form and a session, and a local AuthKit before it. */
export interface Product {
  readonly authkit: LocalAuthKit;
  readonly url: string;
  /** What the product was sent by the browser, by path. */
  readonly seen: { readonly path: string; readonly cookie: string; readonly user: string }[];
  close(): Promise<void>;
}

const WORKSPACE = {
  claim: "urn:example:tenant",
  label: "Workspace",
  choices: [
    { value: "prod_us", label: "US-East" },
    { value: "prod_eu", label: "EU-West" },
  ],
};

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const { confirm, fallbackUrl, asksForWorkspace = true } = options;
  const authkit = await startLocalAuthKit({ port: 0, ...options.authkit });
  const { apiKey, url: authkitUrl, issuer, environmentClientId } = authkit;
  const login = createLogin({ apiKey, authkitUrl, apiUrl: authkitUrl });
  const verifier = createVerifier({ issuer, audience: environmentClientId });
  const seen: Product["seen"] = [];
  const sessions = new Map<string, string>([["session-of-eve", "eve"]]);

  const userOf = (c: Context) => sessions.get(getCookie(c, "session") ?? "") ?? c.req.header("x-user");

  const app = new Hono();
  app.use(async (c, next) => {
    const [path, cookie, user] = [c.req.path, c.req.header("cookie") ?? "", c.req.header("x-user") ?? ""];
    seen.push({ path, cookie, user });
    return next();
  });
  app.on(
    ["GET", "POST"],
    "/auth/login",
    loginRoute(login, {
      signInUrl: "/sign-in",
      fallbackUrl,
      confirm,
      authenticate: (c) => {
        const id = userOf(c);
        if (id === undefined) return null;
        const user = { id, email: `${id}@example.com` };
        return asksForWorkspace ? { user, userConsentOptions: [WORKSPACE] } : { user };
      },
    }),
  );
  app.get("/sign-in", (c) => c.html(signInPage(c.req.query("return_to") ?? "/")));
  app.post("/sign-in", async (c) => {
    const { email, password, return_to } = await c.req.parseBody();
    if (password !== "ada-password") return c.html(signInPage(String(return_to)), 401);
    const session = crypto.randomUUID();
    sessions.set(session, String(email).split("@")[0] ?? "");
    setCookie(c, "session", session, { httpOnly: true, path: "/" });
    return c.redirect(String(return_to), 303);
  });
  // For those who sign in with a script: JSON in, a cookie out.
  app.post("/api/session", async (c) => {
    const { email } = await c.req.json();
    const session = crypto.randomUUID();
    sessions.set(session, email.split("@")[0]);
    setCookie(c, "session", session, { httpOnly: true, path: "/" });
    return c.body(null, 204);
  });
  app.get("/broken", (c) => c.text("Internal Server Error", 500));
  app.get("/home", (c) => c.html("<h1>Home</h1>"));
  app.get("/api/me", requireToken(verifier), (c) => c.json(c.var.accessToken.claims));

  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  authkit.setLoginUri(`${url}/auth/login`);
  return {
    authkit,
    url,
    seen,
    async close() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await authkit.close();
    },
  };
}

function signInPage(returnTo: string): string {
  const escaped = returnTo.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  return `<!doctype html>
<form action="/search"><input name="q"></form>
<form method="post" action="/sign-in">
<input type="hidden" name="return_to" value="${escaped}">
<input type="email" name="email" required><input type="password" name="password" required>
<button>Sign in</button>
</form>`;
}
