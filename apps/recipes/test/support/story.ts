import { type LocalAuthKit, startLocalAuthKit } from "@connect/local-authkit";
import { assertChallenge, assertSendsToAuthKit } from "@connect/testing";
import { drive } from "@connect/testing/drive";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A recipe that listens on loopback. */
export interface Running {
  /** Its origin. */
  readonly url: string;
  close(): unknown;
}

/** The variables that every recipe reads. */
export interface Environment extends Record<string, string> {
  WORKOS_API_KEY: string;
  WORKOS_API_URL: string;
  AUTHKIT_URL: string;
  APP_URL: string;
}

/** The outer address: as in production, it is another one than that where the process listens. */
const APP_URL = "https://notes.example.com";
const RESOURCE = `${APP_URL}/api`;
const CLIENT = { clientId: "client_partner", redirectUri: "http://localhost/callback" };
const ADA = { cookie: "session=ada" };

/** What a user of the recipe relies on, told once for all recipes. */
export function tellStory(name: string, start: (environment: Environment) => Promise<Running>): void {
  describe(name, () => {
    let authkit: LocalAuthKit;
    let running: Running;

    beforeAll(async () => {
      authkit = await startLocalAuthKit({
        port: 0,
        resources: [RESOURCE],
        clients: [
          {
            clientId: CLIENT.clientId,
            name: "Partner",
            redirectUris: [CLIENT.redirectUri],
          },
        ],
      });
      running = await start({
        WORKOS_API_KEY: authkit.apiKey,
        WORKOS_API_URL: authkit.url,
        AUTHKIT_URL: authkit.url,
        APP_URL,
      });
      authkit.setLoginUri(new URL("/auth/login", running.url).href);
    });
    afterAll(async () => {
      await running?.close();
      await authkit?.close();
    });

    /** The Login URI as AuthKit opens it. */
    async function beginLogin(): Promise<string> {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: CLIENT.clientId,
        redirect_uri: CLIENT.redirectUri,
        scope: "openid",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      });
      const response = await fetch(`${authkit.url}/oauth2/authorize?${query}`, { redirect: "manual" });
      return response.headers.get("location") ?? "";
    }

    function visit(url: string, init: RequestInit = {}): Promise<Response> {
      return fetch(url, { ...init, redirect: "manual" });
    }

    /** What the page's "Continue" sends, as a browser does. */
    async function answerPage(url: string, page: Response): Promise<Response> {
      const proof = /name="proof" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
      return visit(url, {
        method: "POST",
        headers: { ...ADA, origin: new URL(url).origin, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ proof, answer: "continue" }),
      });
    }

    function getNotes(token?: string): Promise<Response> {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return fetch(new URL("/api/notes", running.url), { headers });
    }

    async function signIn(scope: string, resource = RESOURCE): Promise<string> {
      const walk = { authkit, user: ADA, client: CLIENT, scope, confirm: true as const };
      const { tokens } = await drive(resource === "" ? walk : { ...walk, resource });
      return tokens.accessToken;
    }

    it("connects a client to the account of who is signed in, and lets its token in", async () => {
      const response = await getNotes(await signIn("openid"));
      const [user] = authkit.users.all();
      expect([response.status, await response.json()]).toEqual([200, { notesOf: user?.id }]);
      expect(user).toMatchObject({ externalId: "ada", email: "ada@example.com" });
    });

    it("sends who is signed out to the sign-in page, and goes on from there", async () => {
      const signedOut = await visit(await beginLogin());
      const signInPage = new URL(signedOut.headers.get("location") ?? "", running.url);
      expect([signedOut.status, signInPage.pathname]).toEqual([303, "/sign-in"]);

      const back = new URL(signInPage.searchParams.get("return_to") ?? "", running.url).href;
      const page = await visit(back, { headers: ADA });
      expect(page.status).toBe(200);
      assertSendsToAuthKit(await answerPage(back, page), authkit);
    });

    it("spends nothing on HEAD", async () => {
      const url = await beginLogin();
      expect((await visit(url, { method: "HEAD", headers: ADA })).status).toBe(405);
      const page = await visit(url, { headers: ADA });
      assertSendsToAuthKit(await answerPage(url, page), authkit);
    });

    it("takes the page's answer from its own site alone", async () => {
      const url = await beginLogin();
      const response = await visit(url, {
        method: "POST",
        headers: { ...ADA, origin: "https://evil.example", "sec-fetch-site": "cross-site" },
        body: new URLSearchParams({ proof: "none", answer: "continue" }),
      });
      expect([403, 405]).toContain(response.status);
    });

    it("challenges who brings no token, a bad one, or one for another resource", async () => {
      const resourceMetadata = `${APP_URL}/.well-known/oauth-protected-resource/api`;
      assertChallenge(await getNotes(), { error: null, resourceMetadata });
      const [header, payload] = (await signIn("openid")).split(".");
      const bad = { error: "invalid_token", resourceMetadata } as const;
      assertChallenge(await getNotes(`${header}.${payload}.${"A".repeat(342)}`), bad);
      assertChallenge(await getNotes(await signIn("openid", "")), bad);
    });

    it("asks for the scope that is missing", async () => {
      const response = await getNotes(await signIn("email"));
      assertChallenge(response, { error: "insufficient_scope", scope: "email openid" });
    });

    it("tells MCP clients where to sign in", async () => {
      const response = await fetch(new URL("/.well-known/oauth-protected-resource/api", running.url));
      expect(await response.json()).toMatchObject({
        resource: RESOURCE,
        authorization_servers: [authkit.url],
      });
    });
  });
}
