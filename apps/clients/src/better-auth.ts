import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { genericOAuth } from "better-auth/plugins";
import { Hono } from "hono";
import { client, type Scene, scope } from "./scene.js";

export const CALLBACK_PATH = "/api/auth/callback/authkit";

const PROVIDER = "authkit";

/** What the client knows of the user whose session a browser has. */
export interface BetterAuthAccount {
  readonly email: string;
  /** The account's id, which is the ID token's `sub`. */
  readonly subject: string;
  readonly accessToken: string;
}

/**
 * A client application: AuthKit as a provider of the generic OAuth plugin, which discovers it; its tables are in memory.
 * `GET /login` signs in, `GET /account` shows the {@link BetterAuthAccount}, `GET /refresh` refreshes first.
 */
export function createBetterAuthApp(
  { authkit, resource }: Pick<Scene, "authkit" | "resource">,
  clientUrl: string,
): Hono {
  const auth = betterAuth({
    baseURL: clientUrl,
    secret: "a secret of thirty-two characters",
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: PROVIDER,
            discoveryUrl: `${authkit.issuer}/.well-known/openid-configuration`,
            requireIdTokenVerification: true,
            clientId: client.id,
            clientSecret: client.secret,
            scopes: scope.split(" "),
            authorizationUrlParams: { resource },
          },
        ],
      }),
    ],
  });

  const app = new Hono();
  app.on(["GET", "POST"], "/api/auth/*", (c) => auth.handler(c.req.raw));
  app.get("/login", async (c) => {
    const { headers, response } = await auth.api.signInSocial({
      body: { provider: PROVIDER, callbackURL: "/account" },
      headers: c.req.raw.headers,
      returnHeaders: true,
    });
    for (const cookie of headers.getSetCookie()) c.header("set-cookie", cookie, { append: true });
    return c.redirect(String(response.url));
  });
  app.get("/account", async (c) => {
    const { headers } = c.req.raw;
    return c.json(await show(await readAccount(headers), headers));
  });
  app.get("/refresh", async (c) => {
    const { headers } = c.req.raw;
    const account = await readAccount(headers);
    await auth.api.refreshToken({ body: { accountId: account.id }, headers });
    return c.json(await show(account, headers));
  });
  return app;

  async function readAccount(headers: Headers) {
    const [account] = await auth.api.listUserAccounts({ headers });
    if (account === undefined) throw new Error("The user has no account.");
    return account;
  }

  async function show(
    account: Awaited<ReturnType<typeof readAccount>>,
    headers: Headers,
  ): Promise<BetterAuthAccount> {
    const session = await auth.api.getSession({ headers });
    const tokens = await auth.api.getAccessToken({ body: { accountId: account.id }, headers });
    return {
      email: String(session?.user.email),
      subject: account.accountId,
      accessToken: tokens.accessToken,
    };
  }
}
