import { createLogin } from "@connect/core";
import { loginRoute } from "@connect/hono";
import type { LocalAuthKit } from "@connect/local-authkit";
import { createTestAuthKit } from "@connect/testing";
import { drive } from "@connect/testing/drive";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { run } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";
import { listen } from "./support/listen.js";
import { startAuthKit } from "./support/product.js";

const AUDIENCE = "https://api.example.com/mcp";

/** A token as AuthKit gives it to a client, after a whole login. */
async function login(): Promise<{ authkit: LocalAuthKit; accessToken: string; idToken: string }> {
  const authkit = await startAuthKit({ resources: [AUDIENCE] });
  const { apiKey, issuer } = authkit;
  const app = new Hono();
  const user = { id: "usr_ada", email: "ada@example.com" };
  app.get(
    "/auth/login",
    loginRoute(createLogin({ apiKey, authkitUrl: issuer, apiUrl: issuer }), {
      signInUrl: "/sign-in",
      authenticate: () => ({ user }),
    }),
  );
  authkit.setLoginUri(`${await listen(app)}/auth/login`);
  const { tokens } = await drive({ authkit, user: { cookie: "session=ada" }, resource: AUDIENCE });
  return { authkit, accessToken: String(tokens?.accessToken), idToken: String(tokens?.idToken) };
}

async function explain(token: string, env: Record<string, string>, args: string[] = []) {
  const { code, stdout, stderr } = await run(["token", "explain", "--json", ...args], {
    cwd: emptyFolder(),
    env,
    stdin: token,
  });
  expect(stderr).toBe("");
  const { accepted, checks, todo } = JSON.parse(stdout);
  return { code, accepted, failed: checks.find(({ passed }: { passed: boolean }) => !passed), todo };
}

describe("token explain", () => {
  it("accepts what the API accepts, and names the check that fails where it does not", async () => {
    const { authkit, accessToken, idToken } = await login();
    const env = { AUTHKIT_URL: authkit.issuer, CONNECT_AUDIENCE: AUDIENCE };
    expect(await explain(accessToken, env)).toMatchObject({ code: 0, accepted: true });
    expect(await explain(`Bearer ${accessToken}\n`, env)).toMatchObject({ code: 0, accepted: true });
    expect(await explain(accessToken, env, ["--scope", "openid"])).toMatchObject({ code: 0 });

    const failing = async (token: string, args: string[] = []) => {
      const { code, failed } = await explain(token, env, args);
      return [code, failed?.check];
    };
    expect(await failing(accessToken, ["--scope", "notes:read"])).toEqual([1, "scope"]);
    expect(await failing(accessToken, ["--audience", "https://other.example"])).toEqual([1, "aud"]);
    expect(await failing(accessToken, ["--issuer", "http://localhost:1"])).toEqual([1, "iss"]);
    expect(await failing(accessToken, ["--user-id", "urn:example:user_id"])).toEqual([1, "userId"]);
    // Without a nonce, an ID token gives itself away by its audience alone.
    expect(await failing(idToken)).toEqual([1, "aud"]);
    expect((await explain(idToken, env)).todo).toContain("id_token");
    expect(await failing(`${accessToken.slice(0, -8)}AAAAAAAA`)).toEqual([1, "signature"]);
    expect(await failing("garbage")).toEqual([1, "malformed"]);
  });

  it("says how an audience differs that is nearly right", async () => {
    const { authkit, accessToken } = await login();
    const env = { AUTHKIT_URL: authkit.issuer, CONNECT_AUDIENCE: `${AUDIENCE}/` };
    expect((await explain(accessToken, env)).todo).toContain("by a slash at its end only");
  });

  it("knows each of the reasons that the test kit's broken tokens have", async () => {
    const kit = createTestAuthKit();
    const app = new Hono();
    const issuer = await listen(app);
    const { audience, token } = createTestAuthKit({ issuer });
    expect(Object.keys(token.broken)).toEqual(Object.keys(kit.token.broken));
    app.get("/oauth2/jwks", async (c) => {
      const answer = await publisher.fetch(publisher.jwksUrl);
      return c.json(await answer.json());
    });
    const publisher = createTestAuthKit({ issuer });
    const env = { AUTHKIT_URL: issuer, CONNECT_AUDIENCE: audience };
    expect((await explain(await publisher.token(), env)).accepted).toBe(true);
    for (const broken of Object.values(publisher.token.broken)) {
      const { code, failed, todo } = await explain(await broken(), env);
      expect([code, typeof failed.what, typeof todo]).toEqual([1, "string", "string"]);
    }
  });

  it("ticks no check off that was not made", async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${encode({ alg: "RS256", kid: 5 })}.${encode({ iss: "https://other.example" })}.AAAA`;
    const { stdout } = await run(["token", "explain", "--json"], {
      cwd: emptyFolder(),
      env: { AUTHKIT_URL: "https://example.authkit.app", CONNECT_AUDIENCE: AUDIENCE },
      stdin: token,
    });
    const checks: { check: string; passed: boolean }[] = JSON.parse(stdout).checks;
    expect(checks.map(({ check, passed }) => [check, passed])).toEqual([
      ["malformed", true],
      ["alg", true],
      ["crit", true],
      ["typ", true],
      ["kid", false],
    ]);
  });

  it("names the option that can't be used", async () => {
    const { code, stderr } = await run(["token", "explain", "--jwks-url", "nowhere"], {
      cwd: emptyFolder(),
      env: { AUTHKIT_URL: "https://example.authkit.app", CONNECT_AUDIENCE: AUDIENCE },
      stdin: "a.b.c",
    });
    expect(code).toBe(2);
    expect(stderr).toContain("--jwks-url");
  });

  it("tells an outage from a bad token", async () => {
    const kit = createTestAuthKit({ issuer: await listen(new Hono()) });
    const { code, stdout, stderr } = await run(["token", "explain"], {
      cwd: emptyFolder(),
      env: { AUTHKIT_URL: kit.issuer, CONNECT_AUDIENCE: kit.audience },
      stdin: await kit.token(),
    });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("keys can't be had");
  });
});

describe("token inspect", () => {
  it("prints names and relative times, and not one value", async () => {
    const kit = createTestAuthKit();
    const token = await kit.token({
      sub: "user_secret",
      scopes: ["openid"],
      claims: { email: "ada@example.com" },
    });
    const { code, stdout } = await run(["token", "inspect", token], { cwd: emptyFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Looks like +access token/);
    expect(stdout).toMatch(/exp +in \d+ (minute|second)s?\n/);
    expect(stdout).toContain("email");
    for (const value of ["user_secret", "ada@example.com", kit.issuer, kit.audience, ...token.split(".")])
      expect(stdout).not.toContain(value);
  });

  it("refuses what is no JWT, and an empty stdin, without repeating it", async () => {
    const cwd = emptyFolder();
    const garbage = await run(["token", "inspect"], { cwd, stdin: "not-a-token" });
    expect([garbage.code, garbage.stdout]).toEqual([1, ""]);
    expect(garbage.stderr).not.toContain("not-a-token");
    expect((await run(["token", "inspect"], { cwd, stdin: "\n" })).code).toBe(2);
  });

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  it.each([
    ["nothing but dots", ".."],
    ["parts that are no JSON", "a.b.c"],
    ["a header that is a list", `${encode([])}.${encode({})}.AAAA`],
    ["claims that are null", `${encode({})}.${encode(null)}.AAAA`],
    ["five parts", "a.b.c.d.e"],
    ["bytes of no text", "\u0000\ufffd\u{1f600}"],
    ["a megabyte", "a".repeat(1_000_000)],
  ])("says in one line that it is no JWT: %s", async (_, token) => {
    const { code, stdout, stderr } = await run(["token", "inspect"], { cwd: emptyFolder(), stdin: token });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^connect: That is no JWT.*\n$/);
  });

  it("reads members of any kind, and shows none of their values", async () => {
    const odd = { alg: { toString: 5 }, typ: { toString: 5 }, kid: ["secret-1"] };
    const claims = { exp: "secret-2", iat: 1e308, nbf: -1, aud: { a: "secret-3" }, __proto__: null };
    const token = `${encode(odd)}.${encode(claims)}.AAAA`;
    for (const json of [[], ["--json"]]) {
      const { code, stdout, stderr } = await run(["token", "inspect", ...json], {
        cwd: emptyFolder(),
        stdin: `Authorization: Bearer ${token}`,
      });
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).not.toContain("secret");
    }
  });

  it("repeats no token that stands in the wrong place", async () => {
    const token = `${encode({ alg: "RS256" })}.${encode({ sub: "user_secret" })}.AAAA`;
    const wrong = [
      ["token", "inspect", `--token=${token}`],
      ["token", "inspect", token, "more"],
      ["token", token],
      [token],
      ["token", "explain", "--issuer", "https://a.example", "--audience", "x", "--scope", "a", token],
    ];
    for (const args of wrong) {
      const { code, stdout, stderr } = await run(args, { cwd: emptyFolder(), stdin: token });
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).not.toContain(token.slice(0, 12));
    }
  });

  it("lets no claim's name draw on the terminal", async () => {
    const token = `${encode({ alg: "RS256" })}.${encode({ "\u001b[31mred": 1 })}.AAAA`;
    const { stdout } = await run(["token", "inspect"], { cwd: emptyFolder(), stdin: token });
    expect(stdout).toContain("?[31mred");
    expect(stdout).not.toContain("\u001b");
  });
});
