import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { API_KEY, APPLICATION_ERROR, AUDIENCE, HOURS_LATER, UNTOLD_CONSENT } from "./application.js";
import { type ScriptedAuthKit, startScriptedAuthKit } from "./authkit.js";
import { describeHandoffAttacks } from "./describe-handoff-attacks.js";
import { describeStrayAttacks } from "./describe-stray-attacks.js";
import { describeTokenAttacks } from "./describe-token-attacks.js";
import type { Differences } from "./differences.js";
import { describeHandoff, type HandoffCase } from "./handoff.js";
import { type Answer, type SentHeaders, send } from "./send.js";

/** A served application: its address, and how the framework showed the application's own error. */
export interface Mounted {
  readonly url: string;
  /** A piece of the body that the framework answers an application's exception with, where there is a body. */
  readonly errorMarker?: string;
  /** What the framework makes of several Authorization headers. Default `joined`; `first` can't be told from one header. */
  readonly repeatedHeaders?: "joined" | "first";
  /** Who answers methods that a route has no handler for. Default `adapter`; `framework` says 405 and need not say more. */
  readonly wrongMethods?: "adapter" | "framework";
  /** Where the runtime's or framework's own HTTP is another than Node's. Default: nowhere. */
  readonly differences?: Differences;
  close(): Promise<void>;
}

/**
 * The cases that every adapter passes, against a real application of its framework over HTTP. `mount` serves
 * `createApplication(authkitUrl)`'s routes.
 */
export function describeAdapter(name: string, mount: (authkitUrl: string) => Promise<Mounted>): void {
  describe(`the adapter contract: ${name}`, () => {
    let authkit: ScriptedAuthKit;
    let app: Mounted;

    beforeAll(async () => {
      authkit = await startScriptedAuthKit();
      app = await mount(authkit.url);
    });
    afterAll(async () => {
      await app?.close();
      await authkit?.close();
    });
    beforeEach(() => authkit.reset());

    // Each case has a login of its own: an application remembers for a while what became of one.
    let logins = 0;
    let externalAuthId: string;
    let loginPath: string;
    beforeEach(() => {
      externalAuthId = `ext_auth_${++logins}`;
      loginPath = `/auth/login?external_auth_id=${externalAuthId}`;
    });

    const get = (path: string, headers: SentHeaders = {}, method = "GET"): Promise<Answer> =>
      send(app.url + path, headers, method);
    const post = (path: string, headers: SentHeaders, body: unknown): Promise<Answer> =>
      send(app.url + path, { "content-type": "application/json", ...headers }, "POST", JSON.stringify(body));
    const signedIn = { cookie: "session=ada" };
    const bearer = async (claims?: Record<string, unknown>) => ({
      authorization: `Bearer ${await authkit.token(claims)}`,
    });

    describe("Login URI", () => {
      it("completes a signed-in user's login and goes on to AuthKit", async () => {
        const answer = await get(loginPath, signedIn);
        expect(answer.status).toBe(303);
        expect(answer.headers.location).toBe(`${authkit.url}/oauth2/authorize/complete?state=st_1`);
        expect(answer.headers["cache-control"]).toBe("no-store");
        expect(answer.headers["referrer-policy"]).toBe("no-referrer");
        expect(authkit.completions).toEqual([
          {
            authorization: `Bearer ${API_KEY}`,
            body: {
              external_auth_id: externalAuthId,
              user: { id: "usr_ada", email: "ada@example.com", first_name: "Ada", last_name: "Lovelace" },
              user_consent_options: [
                {
                  claim: "urn:example:tenant",
                  type: "enum",
                  label: "Workspace",
                  choices: [
                    { group: "Production", choices: [{ value: "prod_us", label: "US-East" }] },
                    { group: "Staging", choices: [{ value: "staging_us", label: "US-East" }] },
                  ],
                },
              ],
            },
          },
        ]);
        expect(authkit.seen).toEqual(["authenticate"]);
      });

      it("sends a signed-out user to sign in, and the way back completes the same login", async () => {
        const answer = await get(loginPath);
        expect(answer.status).toBe(303);
        expect(authkit.completions).toEqual([]);
        const signIn = new URL(String(answer.headers.location), app.url);
        expect(signIn.origin + signIn.pathname).toBe(`${app.url}/sign-in`);
        const wayBack = String(signIn.searchParams.get("return_to"));
        expect(wayBack).toBe(loginPath);
        const completed = await get(wayBack, signedIn);
        expect(completed.headers.location).toMatch(`${authkit.url}/`);
        expect(authkit.completions).toHaveLength(1);
      });

      it("follows the application's detour without completing", async () => {
        const answer = await get(loginPath, { cookie: "session=detour" });
        expect(answer.status).toBe(303);
        expect(answer.headers.location).toBe(`/welcome?return_to=${encodeURIComponent(loginPath)}`);
        expect(authkit.completions).toEqual([]);
      });

      it.each<[string, number, unknown]>([
        ["external_auth_id_not_found", 404, { message: "gone" }],
        ["external_auth_session_already_completed", 400, named("external_auth_session_already_completed")],
        ["email_not_available", 400, named("email_not_available")],
        ["email_change_not_allowed", 400, named("email_change_not_allowed")],
        ["invalid_email", 400, named("invalid_email")],
        ["user_consent_options_not_supported", 400, named("user_consent_options_not_supported")],
        ["invalid_user_consent_options", 400, { error: "Bad Request", message: 'Claim "x" is reserved.' }],
        ["invalid_user", 422, { message: "no", code: "x", errors: [{ field: "user.email", code: "x" }] }],
        ["unauthorized_api_key", 401, { message: "no" }],
        ["unauthorized_api_key", 403, { message: "no" }],
        ["invalid_authkit_response", 200, {}],
        ["untrusted_redirect_uri", 200, { redirect_uri: "https://evil.example/oauth2" }],
      ])("goes to the fallback page on %s (%i), and tells onError", async (code, status, body) => {
        authkit.answer(status, body);
        const answer = await get(loginPath, signedIn);
        expect(answer.status).toBe(303);
        expect(answer.headers.location).toBe("/");
        expect(answer.headers["cache-control"]).toBe("no-store");
        expect(authkit.completions).toHaveLength(1);
        expect(authkit.seen).toEqual(["authenticate", `error ${code}`]);
        expectNoSecrets(answer);
      });

      it.each([
        ["rate_limited", 429],
        ["authkit_unavailable", 503],
      ])("goes to the fallback page on %s (%i) that does not pass", async (code, status) => {
        authkit.answer(status, { message: API_KEY }, { "retry-after": "0" });
        const answer = await get(loginPath, signedIn);
        expect(answer.headers.location).toBe("/");
        expect(authkit.completions).toHaveLength(3);
        expect(authkit.seen).toEqual(["authenticate", `error ${code}`]);
      });

      it("does not carry the API key and the user along where the completion call is redirected", async () => {
        authkit.answer(307, {}, { location: `${authkit.url}/authkit/oauth2/complete` });
        const answer = await get(loginPath, signedIn);
        expect(answer.headers.location).toBe("/");
        expect(authkit.completions).toHaveLength(1);
        expect(authkit.seen).toEqual(["authenticate", "error invalid_authkit_response"]);
      });

      it("answers a failure with a page where there is no fallback", async () => {
        authkit.answer(503, { message: API_KEY }, { "retry-after": "0" });
        const answer = await get(`/auth/strict?external_auth_id=${externalAuthId}`, signedIn);
        expect(answer.status).toBe(503);
        expect(answer.headers["content-type"]).toMatch("text/html");
        expectNoSecrets(answer);
        expect(answer.body).not.toMatch(externalAuthId);
      });

      it("leaves the application's own exception to the framework", async () => {
        const answer = await get(loginPath, { cookie: "session=broken" });
        expect(answer.status).toBe(500);
        if (app.errorMarker !== undefined) expect(answer.body).toMatch(app.errorMarker);
        expect(authkit.completions).toEqual([]);
        expect(authkit.seen).toEqual(["authenticate"]);
      });
    });

    const handoff: HandoffCase = {
      get authkit() {
        return authkit;
      },
      get externalAuthId() {
        return externalAuthId;
      },
      get,
      send: (path, headers, method, body) => send(app.url + path, headers, method, body),
      get url() {
        return app.url;
      },
      get differences() {
        return app.differences ?? {};
      },
    };
    describeHandoff(handoff);
    describeHandoffAttacks(handoff);
    describeStrayAttacks(handoff);

    describe("protected routes", () => {
      it("lets a good token through, with its custom claim", async () => {
        const answer = await get("/api/me", await bearer());
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.body)).toEqual({
          subject: "user_ada",
          scopes: ["openid", "notes:read"],
          tenant: "prod_us",
        });
      });

      it.each(["bearer", "BEARER", "bEaReR"])("takes the scheme as %s", async (scheme) => {
        const answer = await get("/api/me", { authorization: `${scheme} ${await authkit.token()}` });
        expect(answer.status).toBe(200);
      });

      it.each<[string, SentHeaders]>([
        ["no header", {}],
        ["another scheme", { authorization: "Basic YWRhOnB3" }],
      ])("answers %s with a bare challenge", async (_, headers) => {
        const answer = await get("/api/me", headers);
        expect(answer.status).toBe(401);
        expect(answer.headers["www-authenticate"]).toBe("Bearer");
        expect(authkit.seen).toEqual([]);
      });

      it("does not look for the token in the query", async () => {
        const answer = await get(`/api/me?access_token=${await authkit.token()}`);
        expect(answer.status).toBe(401);
        expect(answer.headers["www-authenticate"]).toBe("Bearer");
      });

      it.each<[string, (token: string) => string | string[]]>([
        ["a scheme without a token", () => "Bearer"],
        ["two tokens", (token) => `Bearer ${token} ${token}`],
        ["characters no token has", (token) => `Bearer ${token}"`],
      ])("calls %s a bad request", async (_, header) => {
        const token = await authkit.token();
        const answer = await get("/api/me", { authorization: header(token) });
        expect(answer.status).toBe(400);
        expect(answer.headers["www-authenticate"]).toMatch(/^Bearer error="invalid_request"/);
        expectRefused(answer, token);
      });

      it("never lets a second Authorization header decide", async () => {
        const [good, bad] = [
          await authkit.token(),
          await authkit.token({ sub: "user_eve", exp: 1_700_000_000 }),
        ];
        const goodFirst = await get("/api/me", { authorization: [`Bearer ${good}`, `Bearer ${bad}`] });
        const badFirst = await get("/api/me", { authorization: [`Bearer ${bad}`, `Bearer ${good}`] });
        expect([goodFirst.status, badFirst.status]).toEqual(
          app.repeatedHeaders === "first" ? [200, 401] : [400, 400],
        );
      });

      it.each<[string, Record<string, unknown>]>([
        ["expired", { exp: 1_700_000_000 }],
        ["without expiry", { exp: undefined }],
        ["of another issuer", { iss: "https://other.authkit.app" }],
        ["for another audience", { aud: "https://api.example.com/other" }],
        ["without subject", { sub: undefined }],
      ])("refuses a token that is %s", async (_, claims) => {
        const headers = await bearer(claims);
        const answer = await get("/api/me", headers);
        expect(answer.status).toBe(401);
        expect(answer.headers["www-authenticate"]).toMatch(/^Bearer error="invalid_token"/);
        expect(answer.headers["cache-control"]).toBe("no-store");
        expectRefused(answer, headers.authorization);
      });

      it("refuses a token that was tampered with", async () => {
        const [header, , signature] = (await authkit.token()).split(".");
        const [, payload] = (await authkit.token({ sub: "user_eve" })).split(".");
        const answer = await get("/api/me", { authorization: `Bearer ${header}.${payload}.${signature}` });
        expect(answer.status).toBe(401);
        expectRefused(answer, String(payload));
      });

      it("names the scopes a token lacks", async () => {
        const headers = await bearer({ scope: "openid" });
        const answer = await get("/api/notes", headers);
        expect(answer.status).toBe(403);
        expect(answer.headers["www-authenticate"]).toMatch(/error="insufficient_scope"/);
        expect(answer.headers["www-authenticate"]).toMatch(/scope="notes:read"/);
        expectRefused(answer, headers.authorization);
        expect((await get("/api/notes", await bearer())).status).toBe(200);
      });

      it("says 503 and gives no challenge when the keys can't be had", async () => {
        const answer = await get("/api/unreachable", await bearer());
        expect(answer.status).toBe(503);
        expect(answer.headers["www-authenticate"]).toBeUndefined();
        expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
        expect(authkit.seen).toEqual([]);
      });
    });

    it("says 503 and gives no challenge when nobody knows whether a token is revoked", async () => {
      const answer = await get("/mcp", await bearer({ sid: UNTOLD_CONSENT }));
      expect(answer.status).toBe(503);
      expect(answer.headers["www-authenticate"]).toBeUndefined();
      expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
      expect(answer.body).not.toContain(APPLICATION_ERROR);
      expect(authkit.seen).toEqual([]);
      expect((await get("/mcp", await bearer({ sid: "consent_1" }))).status).toBe(200);
    });

    describe("an MCP tool that needs more than the route", () => {
      const call = (name: string, id = 1) => ({ jsonrpc: "2.0", id, method: "tools/call", params: { name } });

      it.each<[string, unknown]>([
        ["a call", call("delete_note")],
        ["a batch that calls it somewhere", [call("read_note"), call("delete_note", 2)]],
      ])("is refused in %s, and the client is told what to ask for", async (_, message) => {
        const headers = await bearer();
        const answer = await post("/mcp", headers, message);
        expect(answer.status).toBe(403);
        expect(answer.headers["www-authenticate"]).toMatch(/^Bearer error="insufficient_scope", /);
        // With what the token has: an MCP client asks for just what is named.
        expect(answer.headers["www-authenticate"]).toContain('scope="openid notes:read notes:write"');
        expect(answer.headers["www-authenticate"]).toContain("resource_metadata=");
        expectRefused(answer, headers.authorization);
      });

      it("is called with the scope, and the handler finds the message unread", async () => {
        const message = call("delete_note");
        const answer = await post("/mcp", await bearer({ scope: "notes:write" }), message);
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.body)).toMatchObject({ subject: "user_ada", received: message });
      });

      it.each<[string, unknown]>([
        ["another tool", call("read_note")],
        ["another method", { ...call("delete_note"), method: "tools/list" }],
        ["a tool named like a member of every object", call("constructor")],
        ["an empty list", []],
        ["a message without parameters", { jsonrpc: "2.0", id: 1, method: "tools/call" }],
      ])("asks nothing more of %s", async (_, message) => {
        const answer = await post("/mcp", await bearer(), message);
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.body).received).toEqual(message);
      });

      // The server behind the guard may read it, whatever its type says.
      it.each(["text/plain", "application/octet-stream", "application/xml"])(
        "is not called in a body that says it is %s",
        async (type) => {
          const headers = { ...(await bearer()), "content-type": type };
          const answer = await post("/mcp", headers, call("delete_note"));
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expectRefused(answer, headers.authorization);
        },
      );

      it("is asked about only once the token is known to be good", async () => {
        const answer = await post("/mcp", { authorization: "Bearer x" }, call("delete_note"));
        expect(answer.status).toBe(401);
        expect(answer.headers["www-authenticate"]).not.toContain("notes:write");
      });
    });

    describe("what the resource publishes", () => {
      const metadataPaths = [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
      ];
      const mirrorPaths = [
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/mcp",
      ];
      const paths = [...metadataPaths, ...mirrorPaths];
      const [mirrorPath = ""] = mirrorPaths;
      const muchLater = { [HOURS_LATER]: "2" };

      it.each(metadataPaths)("says at %s who issues its tokens, to everybody", async (path) => {
        const answer = await get(path);
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.body)).toEqual({
          resource: AUDIENCE,
          authorization_servers: [authkit.url],
          bearer_methods_supported: ["header"],
          scopes_supported: ["openid"],
        });
        expectPublic(answer);
        expect(authkit.metadataFetches).toBe(0);
      });

      it("gives AuthKit's own document on as it is, fetched once", async () => {
        const answer = await get(mirrorPath, muchLater);
        expect(answer.status).toBe(200);
        expect(answer.body).toBe(authkit.metadata);
        expectPublic(answer);
        for (const path of mirrorPaths) expect((await get(path)).body).toBe(authkit.metadata);
        expect(authkit.metadataFetches).toBe(1);
      });

      it.each<[string, number, () => string]>([
        ["is another issuer's", 200, () => authkit.metadata.replace(authkit.url, "https://evil.example")],
        ["is no JSON", 200, () => "<html>"],
        ["can't be had", 500, () => authkit.metadata],
      ])("says 503 where AuthKit's document %s, and does not ask again at once", async (_, status, body) => {
        authkit.answerMetadata(status, body());
        const first = await get(mirrorPath, muchLater);
        const second = await get(mirrorPath);
        for (const answer of [first, second]) {
          expect(answer.status).toBe(503);
          expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
          expect(answer.headers["cache-control"]).toBe("no-store");
          expect(answer.headers["access-control-allow-origin"]).toBe("*");
          expect(JSON.parse(answer.body)).toMatchObject({ error: "metadata_unavailable" });
          expect(answer.body).not.toContain("evil");
        }
        expect(authkit.metadataFetches).toBe(1);
        // The metadata itself needs nobody, and AuthKit's comes back with AuthKit.
        for (const path of metadataPaths) expect((await get(path)).status).toBe(200);
        authkit.reset();
        expect((await get(mirrorPath, muchLater)).body).toBe(authkit.metadata);
      });

      it.each(paths)("answers HEAD at %s like GET, without a body", async (path) => {
        const [head, whole] = [await get(path, {}, "HEAD"), await get(path)];
        expect(head.status).toBe(200);
        expect(head.body).toBe("");
        expectPublic(head);
        expect(whole.body).not.toBe("");
      });

      it.each(paths)("lets browsers on other sites ask at %s", async (path) => {
        const preflight = {
          origin: "https://inspector.example",
          "access-control-request-method": "GET",
          "access-control-request-headers": "mcp-protocol-version",
        };
        const answer = await get(path, preflight, "OPTIONS");
        expect(answer.status).toBe(204);
        expect(answer.headers["access-control-allow-origin"]).toBe("*");
        expect(answer.headers["access-control-allow-methods"]).toMatch("GET");
        expect(answer.headers["access-control-allow-headers"]).toBe("*");
        expect(answer.body).toBe("");
      });

      it.each<[string, SentHeaders]>([
        ["nothing", {}],
        ["a form", { "content-type": "application/x-www-form-urlencoded" }],
        ["what nobody reads", { "content-type": "application/octet-stream", "content-length": "0" }],
      ])("refuses a POST of %s", async (_, headers) => {
        for (const path of paths) {
          const answer = await get(path, headers, "POST");
          expect(answer.status).toBe(405);
          if (app.wrongMethods !== "framework") expect(answer.headers.allow).toBe("GET, HEAD, OPTIONS");
        }
        expect(authkit.metadataFetches).toBe(0);
      });

      it("is not moved by a forged host", async () => {
        const forged = {
          host: "evil.example",
          "x-forwarded-host": "evil.example",
          "x-forwarded-proto": "http",
          forwarded: "host=evil.example",
        };
        for (const path of paths) {
          const [answer, plain] = [await get(path, forged), await get(path)];
          expect(answer.status).toBe(200);
          expect(answer.body).toBe(plain.body);
        }
        const answer = await get("/mcp", forged);
        expect(answer.headers["www-authenticate"]).not.toContain("evil");
      });

      it.each([
        "/.well-known/oauth-protected-resource/other",
        "/.well-known/oauth-protected-resource/mcp/x",
        "/.well-known/oauth-protected-resourcemcp",
        "/.well-known/openid-configuration",
      ])("hides nothing, and is not at %s", async (path) => {
        expect((await get(path)).status).toBe(404);
      });

      it("is where the challenge says it is", async () => {
        const answer = await get("/mcp");
        expect(answer.status).toBe(401);
        const challenge = answer.headers["www-authenticate"] ?? "";
        const [, address = ""] = /^Bearer resource_metadata="([^"]+)"$/.exec(challenge) ?? [];
        expect(new URL(address).origin).toBe(new URL(AUDIENCE).origin);
        const { resource } = JSON.parse((await get(new URL(address).pathname)).body);
        expect(resource).toBe(AUDIENCE);

        const refused = await get("/mcp", { authorization: "Bearer x" });
        expect(refused.headers["www-authenticate"]).toMatch(/^Bearer error="invalid_token", /);
        expect(refused.headers["www-authenticate"]).toContain(`resource_metadata="${address}"`);
        expect((await get("/mcp", await bearer())).status).toBe(200);
      });

      function expectPublic(answer: Answer): void {
        expect(answer.headers["access-control-allow-origin"]).toBe("*");
        expect(answer.headers["cache-control"]).toBe("public, max-age=300");
        expect(answer.headers["content-type"]).toMatch(/^application\/json\b/);
      }
    });

    describeTokenAttacks(() => ({ app, authkit }));

    function expectRefused(answer: Answer, token: string): void {
      expect(authkit.seen).toEqual([]);
      const all = JSON.stringify(answer);
      for (const part of token.split(/[ .]/)) {
        if (part !== "Bearer") expect(all).not.toContain(part);
      }
    }

    function expectNoSecrets(answer: Answer): void {
      const all = JSON.stringify(answer);
      for (const secret of [API_KEY, "ada@example.com", "usr_ada", APPLICATION_ERROR]) {
        expect(all).not.toContain(secret);
      }
    }
  });
}

function named(code: string): { code: string; message: string } {
  return { code, message: "Request could not be processed." };
}
