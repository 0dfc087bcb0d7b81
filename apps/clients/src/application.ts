import { createLogin, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/hono";
import { Hono } from "hono";
import type { AuthKit } from "./scene.js";
import { SignIn } from "./sign-in.js";
import { workspace } from "./workspace.js";

/** What the application is told of. */
export interface ApplicationOptions {
  /** Where it listens. */
  readonly url: string;
  readonly authkit: Pick<AuthKit, "url" | "issuer" | "apiKey">;
  /** The time in milliseconds, as the AuthKit has it. */
  readonly clock: () => number;
}

/** The resource indicator of the application's API (RFC 8707). */
export function resourceOf(url: string): string {
  return `${url}/api`;
}

/** A product that is the login behind AuthKit, with an API that takes AuthKit's tokens. */
export function createApplication({ url, authkit, clock }: ApplicationOptions): Hono {
  const authkitUrl = authkit.issuer;
  const login = createLogin({ apiKey: authkit.apiKey, authkitUrl, apiUrl: authkit.url });
  const verifier = createVerifier({
    issuer: authkitUrl,
    audience: resourceOf(url),
    claims: workspace,
    clock,
  });
  const signIn = new SignIn();

  const app = new Hono();
  app.get(
    "/login",
    loginRoute(login, {
      signInUrl: "/sign-in",
      authenticate: (c) => {
        const email = signIn.emailOf(c);
        return email === undefined
          ? null
          : { user: { id: email, email, firstName: "Ada" }, userConsentOptions: [workspace] };
      },
    }),
  );
  app.get("/api/me", requireToken(verifier, { scopes: ["profile"] }), (c) => {
    const { subject, claims } = c.var.accessToken;
    return c.json({ subject, workspace: claims["urn:example:workspace"] });
  });
  app.route("/", signIn.routes());
  return app;
}
