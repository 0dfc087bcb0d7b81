import { describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { contract } from "./contract.js";
import {
  allow,
  authorization,
  Browser,
  decode,
  exchange,
  PARTNER,
  PARTNER_SECRET,
  PUBLIC,
  post,
  signIn,
  start,
  tokensFor,
} from "./harness.js";

const RESOURCE = "https://api.example.com/";
const OTHER_RESOURCE = "https://mcp.example.com/";
const UNREGISTERED = "https://unknown.example.com/";
const RESOURCES = { resources: [RESOURCE, OTHER_RESOURCE] };
const ENVIRONMENT = "client_local_environment";

const partner = { client_id: PARTNER, client_secret: PARTNER_SECRET };

async function codeFor(authkit: LocalAuthKit, changes: Record<string, string | undefined> = {}) {
  const browser = new Browser();
  const request = authorization(authkit, changes);
  const callback = await allow(authkit, browser, await signIn(authkit, browser, request));
  return { request, code: callback.searchParams.get("code") };
}

const refresh = (authkit: LocalAuthKit, refresh_token: unknown, changes: Record<string, string> = {}) =>
  post(authkit, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: String(refresh_token),
    ...partner,
    ...changes,
  });

const introspect = (authkit: LocalAuthKit, token: unknown) =>
  post(authkit, "/oauth2/introspection", { token: String(token), ...partner });

const userinfo = (authkit: LocalAuthKit, token: unknown) =>
  fetch(`${authkit.url}/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } });

const audienceOf = (body: Record<string, unknown>) => decode(body.access_token).claims.aud;

describe("codes", () => {
  it.each([
    [600, {}],
    [10, { authorizationCodeTtl: 10 }],
  ])("S-18 a code lives %d seconds: authorizationCodeTtl", async (seconds, options) => {
    const authkit = await start(options);
    const [soon, late] = [await codeFor(authkit), await codeFor(authkit)];
    authkit.clock.advance(`${seconds - 2}s`);
    expect((await exchange(authkit, soon.request, soon.code)).status).toBe(200);
    authkit.clock.advance("2s");
    const { status, body } = await exchange(authkit, late.request, late.code);
    expect([status, body.error]).toEqual([400, "invalid_grant"]);
  });

  contract<"codeReplay", [number, boolean]>(
    "codeReplay",
    "a code that is used twice ends what came of it, or is refused alone",
    { "ends-grant": [400, false], refused: [200, true] },
    async (start, [status, isActive]) => {
      const authkit = await start();
      const { request, code } = await codeFor(authkit);
      const { body } = await exchange(authkit, request, code);
      for (let i = 0; i < 2; i += 1) {
        const again = await exchange(authkit, request, code);
        expect([again.status, again.body.error]).toEqual([400, "invalid_grant"]);
      }
      expect((await introspect(authkit, body.access_token)).body.active).toBe(isActive);
      expect((await introspect(authkit, body.refresh_token)).body.active).toBe(isActive);
      expect((await refresh(authkit, body.refresh_token)).status).toBe(status);
    },
  );

  contract(
    "badCode",
    "the error for a code that can't be exchanged",
    { invalid_grant: "invalid_grant", invalid_code: "invalid_code" },
    async (start, error) => {
      const authkit = await start();
      const { request, code } = await codeFor(authkit);
      for (const [sent, changes] of [
        ["x", {}],
        [code, { code_verifier: "x".repeat(43) }],
        [code, { redirect_uri: "http://localhost:3001/other" }],
      ] as const) {
        const { status, body } = await exchange(authkit, request, sent, changes);
        expect([status, body.error]).toEqual([400, error]);
      }
      expect((await refresh(authkit, "x")).body.error).toBe("invalid_grant");
      expect((await exchange(authkit, request, code, { grant_type: "x" })).body.error).toBe(
        "unsupported_grant_type",
      );
    },
  );
});

describe("refresh tokens", () => {
  contract<"refreshReuse", [number, boolean]>(
    "refreshReuse",
    "a refresh token that is used twice ends its grant, or is refused alone",
    { "ends-grant": [400, false], refused: [200, true] },
    async (start, [status, isActive]) => {
      const authkit = await start();
      const { body } = await tokensFor(authkit);
      const other = await tokensFor(authkit);
      const next = await refresh(authkit, body.refresh_token);
      expect(next.body.refresh_token).not.toBe(body.refresh_token);
      for (let i = 0; i < 2; i += 1) {
        const again = await refresh(authkit, body.refresh_token);
        expect([again.status, again.body.error]).toEqual([400, "invalid_grant"]);
      }
      for (const token of [body.access_token, next.body.access_token, next.body.refresh_token]) {
        expect((await introspect(authkit, token)).body.active).toBe(isActive);
      }
      expect((await introspect(authkit, body.refresh_token)).body.active).toBe(false);
      expect((await refresh(authkit, next.body.refresh_token)).status).toBe(status);
      expect((await refresh(authkit, other.body.refresh_token)).status).toBe(200);
    },
  );

  it("S-20 within refreshReuseGrace a used refresh token may be used again, and gives new tokens", async () => {
    let now = Date.now();
    const authkit = await start({ refreshReuseGrace: 30 }, { clock: () => now });
    const { body } = await tokensFor(authkit);
    const first = await refresh(authkit, body.refresh_token);
    now += 29_999;
    const second = await refresh(authkit, body.refresh_token);
    expect([first.status, second.status]).toEqual([200, 200]);
    const tokens = [body, first.body, second.body].map(({ refresh_token }) => refresh_token);
    expect(new Set(tokens).size).toBe(3);
    expect((await refresh(authkit, first.body.refresh_token)).status).toBe(200);

    // The time counts from the first use.
    now += 1;
    expect((await refresh(authkit, body.refresh_token)).body.error).toBe("invalid_grant");
    expect((await refresh(authkit, second.body.refresh_token)).body.error).toBe("invalid_grant");
  });

  it("S-20 within refreshReuseGrace of requests that race all get tokens", async () => {
    const authkit = await start({ refreshReuseGrace: 30 });
    const { body } = await tokensFor(authkit);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(authkit, body.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(10);
  });

  it.each([
    [30 * 24 * 60 * 60, {}],
    [100, { refreshTokenTtl: 100 }],
  ])("S-21 a refresh token lives %d seconds: refreshTokenTtl", async (seconds, options) => {
    const authkit = await start(options);
    const [soon, late] = [await tokensFor(authkit), await tokensFor(authkit)];
    authkit.clock.advance(`${seconds - 5}s`);
    expect((await refresh(authkit, soon.body.refresh_token)).status).toBe(200);
    authkit.clock.advance("5s");
    expect((await refresh(authkit, late.body.refresh_token)).body.error).toBe("invalid_grant");
  });

  contract(
    "refreshLife",
    "the life of a refresh token begins anew at each use, or ends with that of the first",
    { renewed: 200, fixed: 400 },
    async (start, afterwards) => {
      const authkit = await start({ refreshTokenTtl: 100 });
      let { body } = await tokensFor(authkit);
      for (let i = 0; i < 2; i += 1) {
        authkit.clock.advance("45s");
        const next = await refresh(authkit, body.refresh_token);
        expect(next.status).toBe(200);
        body = next.body;
      }
      authkit.clock.advance("11s");
      expect((await refresh(authkit, body.refresh_token)).status).toBe(afterwards);
    },
  );
});

describe("resources", () => {
  contract(
    "unregisteredResource",
    "a resource that isn't registered, while others are, is refused at the token step, or ignored",
    { refused: false, ignored: true },
    async (start, isIgnored) => {
      const authkit = await start(RESOURCES);
      for (const resource of [UNREGISTERED, RESOURCE.slice(0, -1)]) {
        const { status, body } = await tokensFor(authkit, { resource });
        expect([status, body.error]).toEqual(isIgnored ? [200, undefined] : [400, "invalid_target"]);
        if (isIgnored) expect(audienceOf(body)).toBe(ENVIRONMENT);
      }
      expect(audienceOf((await tokensFor(authkit, { resource: RESOURCE })).body)).toBe(RESOURCE);
    },
  );

  contract(
    "differingResource",
    "another resource than at the authorize step is refused, or ignored",
    { refused: false, ignored: true },
    async (start, isIgnored) => {
      const authkit = await start(RESOURCES);
      const { request, code } = await codeFor(authkit, { resource: RESOURCE });
      const answer = await exchange(authkit, request, code, { resource: OTHER_RESOURCE });
      expect([answer.status, answer.body.error]).toEqual(
        isIgnored ? [200, undefined] : [400, "invalid_target"],
      );
      const { body } = await tokensFor(authkit, { resource: RESOURCE });
      const renewed = await refresh(authkit, body.refresh_token, { resource: OTHER_RESOURCE });
      expect([renewed.status, renewed.body.error]).toEqual(
        isIgnored ? [200, undefined] : [400, "invalid_target"],
      );
      for (const { body: tokens } of isIgnored ? [answer, renewed] : []) {
        expect(audienceOf(tokens)).toBe(RESOURCE);
      }
    },
  );

  contract(
    "severalResources",
    "several resource parameters are refused, or the first one counts",
    { refused: false, first: true },
    async (start, isFirstTaken) => {
      const authkit = await start(RESOURCES);
      const { url } = authorization(authkit, { resource: RESOURCE });
      const { location } = await new Browser().request(`${url}&resource=${OTHER_RESOURCE}`);
      expect(new URL(location).searchParams.get("error")).toBe(isFirstTaken ? null : "invalid_target");

      const { request, code } = await codeFor(authkit, { resource: RESOURCE });
      const { status, body } = await post(authkit, "/oauth2/token", [
        ["grant_type", "authorization_code"],
        ["code", String(code)],
        ["redirect_uri", request.redirectUri],
        ["code_verifier", request.verifier],
        ["resource", RESOURCE],
        ["resource", OTHER_RESOURCE],
        ...Object.entries(partner),
      ]);
      expect([status, body.error]).toEqual(isFirstTaken ? [200, undefined] : [400, "invalid_target"]);
      if (isFirstTaken) expect(audienceOf(body)).toBe(RESOURCE);
    },
  );

  it("S-31 where the first of several resources counts, it is the audience", async () => {
    const authkit = await start({ ...RESOURCES, switches: { severalResources: "first" } });
    const browser = new Browser();
    const request = authorization(authkit, { resource: OTHER_RESOURCE });
    const page = await signIn(authkit, browser, { ...request, url: `${request.url}&resource=${RESOURCE}` });
    const callback = await allow(authkit, browser, page);
    const { body } = await exchange(authkit, request, callback.searchParams.get("code"));
    expect(audienceOf(body)).toBe(OTHER_RESOURCE);
  });
});

describe("answers of the token endpoint", () => {
  contract<"missingSecret", string>(
    "missingSecret",
    "the error for a confidential client without its secret",
    {
      invalid_client: '{"error":"invalid_client","error_description":"Client authentication failed."}',
      unauthorized: '{"error":"unauthorized"}',
    },
    async (start, error) => {
      const authkit = await start();
      const failed = { error: "invalid_client", error_description: "Client authentication failed." };
      for (const [path, fields] of [
        ["/oauth2/token", { grant_type: "refresh_token", refresh_token: "x" }],
        ["/oauth2/introspection", { token: "x" }],
      ] as const) {
        const missing = await post(authkit, path, { ...fields, client_id: PARTNER });
        expect([missing.status, JSON.stringify(missing.body)]).toEqual([401, error]);
        expect(missing.headers.get("www-authenticate")).toBe('Basic realm="AuthKit"');
        const wrong = await post(authkit, path, { ...fields, client_id: PARTNER, client_secret: "x" });
        expect([wrong.status, wrong.body]).toEqual([401, failed]);
      }
    },
  );

  contract(
    "tokenType",
    "token_type is spelt as each grant's page has it, or alike",
    { documented: "bearer", Bearer: "Bearer" },
    async (start, spelling) => {
      const authkit = await start();
      const { body } = await tokensFor(authkit);
      expect(body.token_type).toBe(spelling);
      expect((await refresh(authkit, body.refresh_token)).body.token_type).toBe(spelling);
    },
  );

  contract(
    "scopeMember",
    "scope is no member of token responses, or is one",
    { absent: undefined, present: "openid email offline_access" },
    async (start, scope) => {
      const authkit = await start();
      const { body } = await tokensFor(authkit, { scope: "openid email offline_access" });
      expect(body.scope).toBe(scope);
      expect((await refresh(authkit, body.refresh_token)).body.scope).toBe(scope);
    },
  );

  contract(
    "tokenCors",
    "scripts of any origin may read token responses, or those of the environment's web origins",
    { "any-origin": "https://elsewhere.example.com", "web-origins": null },
    async (start, allowed) => {
      const authkit = await start({ webOrigins: ["https://app.example.com"] });
      const allowedFor = async (origin: string, method = "POST") => {
        const response = await fetch(`${authkit.url}/oauth2/token`, { method, headers: { origin } });
        return response.headers.get("access-control-allow-origin");
      };
      expect(await allowedFor("https://app.example.com")).toBe("https://app.example.com");
      expect(await allowedFor("https://elsewhere.example.com")).toBe(allowed);
      // What the browser asks before is answered with yes in any case.
      expect(await allowedFor("https://elsewhere.example.com", "OPTIONS")).toBe("*");
    },
  );

  it("D-9 a request from an origin whose scripts may not read the answer is answered all the same", async () => {
    const authkit = await start({ switches: { tokenCors: "web-origins" } });
    const { request, code } = await codeFor(authkit);
    const answer = await post(
      authkit,
      "/oauth2/token",
      {
        grant_type: "authorization_code",
        code: String(code),
        redirect_uri: request.redirectUri,
        code_verifier: request.verifier,
        ...partner,
      },
      { origin: "https://elsewhere.example.com" },
    );
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });
});

describe("tokens", () => {
  contract(
    "clientIdClaim",
    "users' access tokens name the client, or do not; introspection does",
    { present: PARTNER, absent: undefined },
    async (start, client) => {
      const authkit = await start();
      const { body } = await tokensFor(authkit);
      const renewed = await refresh(authkit, body.refresh_token);
      for (const token of [body.access_token, renewed.body.access_token]) {
        const { claims } = decode(token);
        expect(claims.client_id).toBe(client);
        expect("client_id" in claims).toBe(client !== undefined);
        expect((await introspect(authkit, token)).body.client_id).toBe(PARTNER);
      }
    },
  );

  contract(
    "userinfoAudience",
    "userinfo takes tokens made for a resource, or refuses them",
    { accepted: 200, refused: 401 },
    async (start, status) => {
      const authkit = await start(RESOURCES);
      const bound = await tokensFor(authkit, { resource: RESOURCE });
      expect((await userinfo(authkit, bound.body.access_token)).status).toBe(status);
      const unbound = await tokensFor(authkit);
      expect((await userinfo(authkit, unbound.body.access_token)).status).toBe(200);
    },
  );

  contract(
    "introspection",
    "an application may introspect the tokens of others, or finds them inactive",
    { allowed: true, inactive: false },
    async (start, isTold) => {
      const authkit = await start();
      const theirs = await tokensFor(authkit, { client_id: PUBLIC });
      const own = await tokensFor(authkit);
      for (const name of ["access_token", "refresh_token"]) {
        const { body } = await introspect(authkit, theirs.body[name]);
        if (isTold) expect(body).toMatchObject({ active: true, client_id: PUBLIC });
        else expect(body).toEqual({ active: false });
        expect((await introspect(authkit, own.body[name])).body.active).toBe(true);
      }
    },
  );
});
