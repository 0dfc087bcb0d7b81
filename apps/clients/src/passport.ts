import express, { type Express } from "express";
import session from "express-session";
import passport from "passport";
import OAuth2Strategy, { type VerifyCallback } from "passport-oauth2";
import { client, type Scene, scope } from "./scene.js";

export const CALLBACK_PATH = "/auth/authkit/callback";

/** Somebody who signed in at the client. */
export interface Account {
  readonly profile: { readonly sub: string; readonly email: string };
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * AuthKit as a strategy, as passport-oauth2 wants one made: it knows no discovery and no ID tokens, so that who the user
 * is comes from userinfo.
 */
export class AuthKitStrategy extends OAuth2Strategy {
  // Not `#`: Passport works with an object made from this one, which has no such members.
  private readonly issuer: string;
  private readonly resource: string;

  constructor({ authkit, resource }: Pick<Scene, "authkit" | "resource">, clientUrl: string) {
    super(
      {
        authorizationURL: `${authkit.issuer}/oauth2/authorize`,
        tokenURL: `${authkit.issuer}/oauth2/token`,
        clientID: client.id,
        clientSecret: client.secret,
        callbackURL: `${clientUrl}${CALLBACK_PATH}`,
        scope,
        // Kept in the session, which has to be the same when the user comes back.
        state: true,
        pkce: true,
      },
      (accessToken: string, refreshToken: string, profile: Account["profile"], done: VerifyCallback) =>
        done(null, { profile, accessToken, refreshToken } satisfies Account),
    );
    this.issuer = authkit.issuer;
    this.resource = resource;
    this.name = "authkit";
    this._oauth2.useAuthorizationHeaderforGET(true);
  }

  override authorizationParams(): object {
    return { resource: this.resource };
  }

  override userProfile(accessToken: string, done: (error?: unknown, profile?: unknown) => void): void {
    this._oauth2.get(`${this.issuer}/oauth2/userinfo`, accessToken, (error, body) =>
      error ? done(error) : done(null, JSON.parse(String(body))),
    );
  }

  /** Passport leaves refreshing to the application; the library beneath it can do it. */
  refresh(refreshToken: string): Promise<Pick<Account, "accessToken" | "refreshToken">> {
    return new Promise((resolve, reject) => {
      this._oauth2.getOAuthAccessToken(
        refreshToken,
        { grant_type: "refresh_token" },
        (error, accessToken, renewed) =>
          error
            ? reject(error)
            : resolve({ accessToken: String(accessToken), refreshToken: String(renewed) }),
      );
    });
  }
}

/** A client application. `GET /login` signs in; `GET /` is told to `onAccount` and shown. */
export function createPassportApp(strategy: AuthKitStrategy, onAccount: (account: Account) => void): Express {
  const authenticator = new passport.Passport();
  authenticator.use(strategy);
  authenticator.serializeUser((user, done) => done(null, user));
  authenticator.deserializeUser((user: Express.User, done) => done(null, user));

  const app = express();
  app.use(
    session({ secret: "session secret", name: "partner_session", resave: false, saveUninitialized: false }),
  );
  app.use(authenticator.session());
  app.get("/login", authenticator.authenticate("authkit"));
  app.get(
    CALLBACK_PATH,
    authenticator.authenticate("authkit", { successRedirect: "/", failWithError: true }),
  );
  app.get("/", (request, response) => {
    const account = request.user as Account | undefined;
    if (account) onAccount(account);
    response.json(account?.profile ?? null);
  });
  return app;
}
