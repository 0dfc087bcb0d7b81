import { ExpressAuth, type ExpressAuthConfig } from "@auth/express";
import express, { type Express } from "express";
import { client, type Scene, scope } from "./scene.js";

export const CALLBACK_PATH = "/auth/callback/authkit";

/** What the client's session knows of its user. */
export interface AuthJsSession {
  readonly user: { readonly name: string; readonly email: string };
  /** `sub` of the ID token. */
  readonly subject: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * A client application: AuthKit as an OpenID provider of one's own. Auth.js has no refresh; as its guide has it, the
 * `jwt` callback asks the token endpoint once the access token has expired. `clock`: milliseconds.
 */
export function createAuthJsApp(
  { authkit, resource }: Pick<Scene, "authkit" | "resource">,
  clock: () => number,
): Express {
  const config: ExpressAuthConfig = {
    secret: "a secret of thirty-two characters",
    trustHost: true,
    providers: [
      {
        id: "authkit",
        name: "AuthKit",
        type: "oidc",
        issuer: authkit.issuer,
        clientId: client.id,
        clientSecret: client.secret,
        authorization: { params: { scope, resource } },
        checks: ["pkce", "state", "nonce"],
      },
    ],
    callbacks: {
      async jwt({ token, account, profile }) {
        if (account) {
          const { access_token: accessToken, refresh_token: refreshToken, expires_at: expiresAt } = account;
          return { ...token, subject: profile?.sub, accessToken, refreshToken, expiresAt };
        }
        if (clock() < Number(token.expiresAt) * 1000) return token;
        return { ...token, ...(await refresh(String(token.refreshToken))) };
      },
      session({ session, token: { subject, accessToken, refreshToken } }) {
        return Object.assign(session, { subject, accessToken, refreshToken });
      },
    },
  };

  async function refresh(token: string) {
    const response = await fetch(`${authkit.issuer}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: token,
        client_id: client.id,
        client_secret: client.secret,
      }),
    });
    if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
    const { access_token: accessToken, refresh_token: refreshToken, expires_in } = await response.json();
    return { accessToken, refreshToken, expiresAt: clock() / 1000 + expires_in };
  }

  const app = express();
  // A pattern whose group has no name: by it Auth.js finds its own path, and Express 5 has names for all others.
  app.use(/^\/auth\/(.*)/, ExpressAuth(config));
  return app;
}
