import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTestAuthKit } from "@connect/testing";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { describe, expect, it } from "vitest";
import { run, start } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";
import { listen } from "./support/listen.js";
import { startAuthKit, startProduct } from "./support/product.js";

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { check: string; status: string; seen: string; todo?: string }[];
}

/** What the doctor says, as a script reads it. */
async function diagnose(env: Record<string, string>, args: string[] = [], cwd = emptyFolder()) {
  const { code, stdout, stderr } = await run(["doctor", "--json", ...args], { cwd, env });
  expect(stderr).toBe("");
  const report: Report = JSON.parse(stdout);
  const of = (check: string) => report.findings.find((finding) => finding.check === check);
  const bad = report.findings.filter(({ status }) => status === "failure" || status === "warning");
  return { code, report, of, bad: bad.map(({ check }) => check) };
}

/** A server that closes the connection without a word. */
function hangUp(c: Context) {
  (c.env as HttpBindings).outgoing.destroy();
  return c.body(null);
}

describe("a set-up that is right", () => {
  it("has nothing to complain of, in words and as JSON", async () => {
    const { env, authkit } = await startProduct();
    const { code, report, bad, of } = await diagnose(env);
    expect(bad).toEqual([]);
    expect([code, report.ok]).toEqual([0, true]);
    for (const check of [
      "authkit.issuer",
      "keys.size",
      "authkit.clock",
      "login-uri.head",
      "resource.metadata",
    ])
      expect(of(check)?.status).toBe("ok");

    const text = await run(["doctor"], { cwd: emptyFolder(), env });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain("All is well.");
    expect(text.stdout).not.toContain("\u001b");
    // Its visits completed nothing, and were no logins.
    expect(authkit.users.all()).toEqual([]);
  });

  it("may stand in a .env", async () => {
    const { env } = await startProduct();
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, ".env"),
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
    expect((await diagnose({}, [], cwd)).bad).toEqual([]);
  });

  it("may stand in a .env as editors write it, and in a .env.local that goes before", async () => {
    const cwd = emptyFolder();
    const lines = [
      "\ufeffFIRST=1",
      'export AUTHKIT_URL="https://a.example"',
      "WORKOS_API_KEY='sk_test_1' # ours",
    ];
    writeFileSync(join(cwd, ".env"), lines.join("\r\n"));
    writeFileSync(
      join(cwd, ".env.local"),
      "AUTHKIT_URL=not-an-address\nWORKOS_API_URL=http://localhost:4000\n",
    );
    const { of } = await diagnose({}, [], cwd);
    expect(of("environment.api-key")?.status).toBe("ok");
    expect(of("environment.byte-order-mark")?.seen).toContain("FIRST is not set");
    expect(of("authkit.issuer")?.seen).toContain("no http or https address");
    expect(of("environment.api-url")?.status).toBe("failure");
  });

  it("does without a .env that is a folder, and stops quietly where nobody reads on", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, ".env"));
    expect((await diagnose({}, [], cwd)).code).toBe(1);
    const { child, ended } = start(["doctor", "--json"], { cwd: emptyFolder() });
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 1, stderr: "" });
  });

  it("does not show the API key", async () => {
    const { env } = await startProduct();
    const { stdout } = await run(["doctor", "--json"], {
      cwd: emptyFolder(),
      env: { ...env, NEXT_PUBLIC_KEY: env.WORKOS_API_KEY ?? "" },
    });
    expect(stdout).toContain("NEXT_PUBLIC_KEY");
    expect(stdout).not.toContain(env.WORKOS_API_KEY);
  });

  it("is coloured where that is forced, and nowhere else", async () => {
    const cwd = emptyFolder();
    const forced = await run(["doctor"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[");
    const plain = await run(["doctor"], { cwd, env: { CI: "true" } });
    expect(plain.stdout).not.toContain("\u001b[");
  });
});

describe("the environment", () => {
  it("fails where nothing is set, and says what to set", async () => {
    const { code, bad, of } = await diagnose({});
    expect(code).toBe(1);
    expect(bad).toEqual([
      "environment.authkit-url",
      "environment.api-key",
      "environment.login-uri",
      "environment.audience",
    ]);
    expect(of("environment.authkit-url")?.todo).toContain("https://");
  });

  it("does without the API key where AuthKit is on this machine, and nowhere else", async () => {
    const { env } = await startProduct();
    const local = await diagnose({ ...env, WORKOS_API_KEY: "" });
    expect([local.code, local.bad]).toEqual([0, []]);
    expect(local.of("environment.api-key")?.status).toBe("info");
    const { of } = await diagnose({ ...env, WORKOS_API_KEY: "", AUTHKIT_URL: "https://authkit.invalid" });
    expect(of("environment.api-key")?.status).toBe("failure");
  });

  it("fails where the API key is under a name that bundlers publish", async () => {
    const { of } = await diagnose({ WORKOS_API_KEY: "sk_test_1", VITE_KEY: "sk_test_1" });
    expect(of("environment.published-key")?.seen).toContain("VITE_KEY");
  });

  it("fails where the API key has a line break in it", async () => {
    expect((await diagnose({ WORKOS_API_KEY: "sk_test_1\n" })).of("environment.api-key")?.status).toBe(
      "failure",
    );
  });
});

describe("AuthKit", () => {
  it.each([
    ["a slash at its end", (url: string) => `${url}/`],
    ["capital letters", (url: string) => url.replace("localhost", "LOCALHOST")],
    ["a path", (url: string) => `${url}/oauth2`],
    ["no https", () => "http://example.authkit.app"],
  ])("fails where its address has %s", async (_, spoil) => {
    const { issuer } = await startAuthKit();
    const { bad, of } = await diagnose({ AUTHKIT_URL: spoil(issuer) });
    expect(bad).toContain("authkit.issuer");
    expect(of("authkit.oauth-authorization-server")).toBeUndefined();
  });

  it("fails where nobody listens, and where somebody else does", async () => {
    const { issuer, close } = await startAuthKit();
    await close();
    const gone = await diagnose({ AUTHKIT_URL: issuer });
    expect(gone.of("authkit.oauth-authorization-server")?.seen).toContain("nothing listens there");
    const other = await diagnose({ AUTHKIT_URL: await listen(new Hono()) });
    expect(other.of("authkit.openid-configuration")?.seen).toContain("status 404");
  });

  it("fails where its documents name another issuer", async () => {
    const { url } = await startAuthKit({ issuer: "https://login.example.com" });
    const { of } = await diagnose({ AUTHKIT_URL: url });
    expect(of("authkit.oauth-authorization-server")?.todo).toContain("https://login.example.com");
  });

  it("fails where the ways for unknown clients are not as they should be", async () => {
    const { issuer } = await startAuthKit({ clientIdMetadataDocuments: true });
    const { of } = await diagnose({ AUTHKIT_URL: issuer }, ["--dcr", "on", "--cimd", "on"]);
    expect([of("authkit.dcr")?.status, of("authkit.cimd")?.status]).toEqual(["failure", "ok"]);
  });

  it("fails where this machine's clock is another one", async () => {
    const app = new Hono();
    const authkitUrl = await listen(app);
    const document = {
      issuer: authkitUrl,
      authorization_endpoint: `${authkitUrl}/oauth2/authorize`,
      token_endpoint: `${authkitUrl}/oauth2/token`,
      jwks_uri: `${authkitUrl}/oauth2/jwks`,
      code_challenge_methods_supported: ["S256"],
    };
    app.get("/.well-known/*", (c) => {
      c.header("date", new Date(Date.now() + 60_000).toUTCString());
      return c.json(document);
    });
    const { of } = await diagnose({ AUTHKIT_URL: authkitUrl });
    expect(of("authkit.clock")).toMatchObject({ status: "failure", seen: expect.stringContaining("behind") });
  });

  it("does not take an answer that a cache kept for a clock that is behind", async () => {
    const app = new Hono();
    const authkitUrl = await listen(app);
    app.get("/.well-known/*", (c) => {
      c.header("date", new Date(Date.now() - 600_000).toUTCString());
      c.header("age", "600");
      return c.json({ issuer: authkitUrl });
    });
    expect((await diagnose({ AUTHKIT_URL: authkitUrl })).of("authkit.clock")?.status).toBe("ok");
  });

  it("is not accused of another address while it is broken, and shows no keys then", async () => {
    const app = new Hono();
    const authkitUrl = await listen(app);
    app.get("/.well-known/oauth-authorization-server", (c) => c.text("", 503));
    app.get("/.well-known/openid-configuration", (c) =>
      c.json({ issuer: authkitUrl, jwks_uri: `${authkitUrl}/oauth2/jwks` }),
    );
    app.get("/oauth2/jwks", (c) => c.text("", 429));
    const { of } = await diagnose({ AUTHKIT_URL: authkitUrl });
    expect(of("authkit.oauth-authorization-server")).toMatchObject({
      status: "failure",
      seen: expect.stringContaining("503"),
      todo: expect.stringContaining("ask again in a while"),
    });
    expect(of("keys.jwks")).toMatchObject({
      seen: expect.stringContaining("429"),
      todo: expect.stringContaining("limits requests"),
    });
  });

  it("may publish a key for another algorithm beside a good one, and one with an odd id", async () => {
    const authkit = createTestAuthKit();
    const { keys } = await (await authkit.fetch(authkit.jwksUrl)).json();
    const app = new Hono();
    const authkitUrl = await listen(app);
    app.get("/.well-known/*", (c) => c.json({ issuer: authkitUrl, jwks_uri: `${authkitUrl}/oauth2/jwks` }));
    const other = { kty: "EC", crv: "P-256", kid: { toString: 5 } };
    app.get("/oauth2/jwks", (c) => c.json({ keys: [...keys, other] }));
    const { of } = await diagnose({ AUTHKIT_URL: authkitUrl });
    expect([of("keys.size")?.status, of("keys.type")?.status, of("keys.kid")?.status]).toEqual([
      "ok",
      "warning",
      "failure",
    ]);
  });

  it("fails where a key is weak, and where keys can't be told apart", async () => {
    const { publicKey } = await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 1_024,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      },
      true,
      ["sign", "verify"],
    );
    const jwk = await crypto.subtle.exportKey("jwk", publicKey);
    const app = new Hono();
    const authkitUrl = await listen(app);
    app.get("/.well-known/*", (c) => c.json({ issuer: authkitUrl, jwks_uri: `${authkitUrl}/oauth2/jwks` }));
    let keys: object[] = [jwk, jwk];
    app.get("/oauth2/jwks", (c) => c.json({ keys }));
    const { of } = await diagnose({ AUTHKIT_URL: authkitUrl });
    expect(of("keys.size")).toMatchObject({ status: "failure", seen: "A key has 1024 bits only." });
    expect(of("keys.kid")?.status).toBe("failure");
    keys = [{ kty: "EC", crv: "P-256", kid: "ec" }];
    expect((await diagnose({ AUTHKIT_URL: authkitUrl })).of("keys.type")?.status).toBe("failure");
  });
});

describe("the Login URI", () => {
  async function diagnoseLoginUri(mount: (app: Hono) => void) {
    const app = new Hono();
    mount(app);
    return diagnose({ APP_URL: await listen(app) });
  }

  it("fails where it does nothing of what it should", async () => {
    const { bad } = await diagnoseLoginUri((app) => app.get("/auth/login", (c) => c.text("Sign in")));
    expect(bad.filter((check) => check.startsWith("login-uri"))).toEqual([
      "login-uri.no-store",
      "login-uri.no-referrer",
      "login-uri.head",
      "login-uri.prefetch",
      "login-uri.frame",
      "login-uri.without-id",
    ]);
  });

  it("warns where the sign-in page that it leads to is not there", async () => {
    const toSignIn = (app: Hono) => app.get("/auth/login", (c) => c.redirect("/sign-in?return_to=%2F", 303));
    const { of } = await diagnoseLoginUri(toSignIn);
    expect(of("login-uri.sign-in")?.seen).toContain("/sign-in,");
    const there = await diagnoseLoginUri((app) => toSignIn(app).get("/sign-in", (c) => c.text("Sign in")));
    expect(there.of("login-uri.sign-in")).toBeUndefined();
    const broken = await diagnoseLoginUri((app) => toSignIn(app).get("/sign-in", (c) => c.text("", 500)));
    expect(broken.of("login-uri.sign-in")?.seen).toContain("500");
    const silent = await diagnoseLoginUri((app) => toSignIn(app).get("/sign-in", hangUp));
    expect(silent.of("login-uri.sign-in")?.seen).toContain("not answered");
  });

  it("does not take silence for an answer", async () => {
    const { of } = await diagnoseLoginUri((app) =>
      app.get("/auth/login", (c) =>
        c.req.method === "HEAD" || c.req.header("sec-purpose") ? hangUp(c) : c.text("Sign in"),
      ),
    );
    for (const check of ["login-uri.head", "login-uri.prefetch"]) {
      expect(of(check)).toMatchObject({ status: "failure", seen: expect.stringContaining("not answered") });
    }
    expect(of("login-uri.frame")?.seen).toContain("served into a frame");
  });

  it("does not take a fault or a limit for what it was asked about", async () => {
    const { of } = await diagnoseLoginUri((app) =>
      app.get("/auth/login", (c) => {
        if (c.req.method === "HEAD") return c.text("", 500);
        if (c.req.header("sec-purpose")) return c.text("", 429);
        return c.req.query("external_auth_id") === undefined ? c.text("", 502) : c.text("Sign in");
      }),
    );
    expect(of("login-uri.head")?.seen).toBe("A request of it is answered with 500.");
    expect(of("login-uri.prefetch")?.todo).toContain("limits requests");
    expect(of("login-uri.without-id")?.todo).toContain("log");
  });

  it("fails where a later Referrer-Policy, or one with a longer name, undoes its own", async () => {
    for (const policy of ["no-referrer-when-downgrade", "no-referrer, strict-origin-when-cross-origin"]) {
      const { of } = await diagnoseLoginUri((app) =>
        app.get("/auth/login", (c) => c.text("Sign in", 200, { "referrer-policy": policy })),
      );
      expect(of("login-uri.no-referrer")?.status).toBe("failure");
    }
  });

  it("fails where a gate keeps visitors out, and accuses what is behind it of nothing", async () => {
    const { bad, of } = await diagnoseLoginUri((app) => app.use((c) => Promise.resolve(c.text("", 403))));
    expect(bad.filter((check) => check.startsWith("login-uri"))).toEqual(["login-uri.answer"]);
    expect(of("login-uri.answer")?.todo).toContain("gate");
  });

  it("fails where its address is none, and does not show a password in it", async () => {
    const { of } = await diagnose({ APP_URL: "localhost:3000" });
    expect(of("login-uri.form")?.seen).toContain("no http or https address");
    const { report } = await diagnose({ APP_URL: "http://ada:hunter2@localhost:1" });
    expect(JSON.stringify(report)).toContain("holds credentials");
    expect(JSON.stringify(report)).not.toContain("hunter2");
  });

  it("fails where an unknown id breaks it", async () => {
    const { of } = await diagnoseLoginUri((app) => app.get("/auth/login", (c) => c.text("", 500)));
    expect(of("login-uri.answer")?.seen).toContain("500");
  });

  it("fails where it is somewhere else", async () => {
    const nowhere = await diagnoseLoginUri(() => {});
    expect(nowhere.of("login-uri.answer")?.seen).toContain("404");
    const moved = await diagnoseLoginUri((app) =>
      app.get("/auth/login", (c) => c.redirect("/auth/login/", 308)),
    );
    expect(moved.of("login-uri.answer")?.todo).toContain("/auth/login/");
  });
});

describe("the resource", () => {
  it("fails where it publishes another address, and names the difference alone", async () => {
    const { env, resource } = await startProduct();
    const { of } = await diagnose({ ...env, CONNECT_AUDIENCE: `${resource}/` });
    expect(of("resource.form")?.status).toBe("failure");
    expect(of("resource.metadata")?.seen).toContain("by a slash at its end");
  });

  it("fails where it sends clients to another AuthKit", async () => {
    const { env } = await startProduct();
    const { issuer } = await startAuthKit();
    const { of } = await diagnose({ ...env, AUTHKIT_URL: issuer });
    expect(of("resource.authorization-server")?.status).toBe("failure");
  });

  it("warns where it is open, says nothing of AuthKit, and lists no scopes", async () => {
    const app = new Hono();
    const appUrl = await listen(app);
    const resource = `${appUrl}/mcp`;
    app.get("/.well-known/oauth-protected-resource/mcp", (c) => c.json({ resource }));
    app.get("/mcp", (c) => c.text("hello"));
    const { of } = await diagnose({ CONNECT_AUDIENCE: resource });
    expect(of("resource.metadata")?.status).toBe("ok");
    expect(of("resource.scopes")?.status).toBe("warning");
    expect(of("resource.cors")?.status).toBe("warning");
    expect(of("resource.challenge")?.seen).toContain("200");
  });

  it("is looked at where it streams without end, and is not accused where it breaks", async () => {
    const app = new Hono();
    const appUrl = await listen(app);
    const metadata = "/.well-known/oauth-protected-resource";
    for (const name of ["stream", "broken", "silent"])
      app.get(`${metadata}/${name}`, (c) => c.json({ resource: `${appUrl}/${name}` }));
    app.get("/stream", (c) =>
      c.body(new ReadableStream({ start: (stream) => stream.enqueue("data: 1\n\n") })),
    );
    app.get("/broken", (c) => c.text("", 500));
    app.get("/silent", hangUp);
    const about = async (name: string) =>
      (await diagnose({ CONNECT_AUDIENCE: `${appUrl}/${name}` })).of("resource.challenge");
    expect((await about("stream"))?.seen).toContain("answered with 200, not 401");
    expect((await about("broken"))?.todo).toContain("log");
    expect((await about("silent"))?.seen).toContain("not answered");
  });

  it("says that it saw no challenge where its address is a mere name, and looks at a route that is attacked", async () => {
    const app = new Hono();
    const appUrl = await listen(app);
    const metadata = "/.well-known/oauth-protected-resource/api";
    const challenge = `Bearer resource_metadata="${appUrl}${metadata}"`;
    app.get(metadata, (c) => c.json({ resource: `${appUrl}/api` }));
    app.get("/api/me", (c) => c.text("", 401, { "www-authenticate": challenge }));
    const env = { CONNECT_AUDIENCE: `${appUrl}/api` };
    const unseen = (await diagnose(env)).of("resource.challenge");
    expect([unseen?.status, unseen?.seen]).toEqual(["info", expect.stringContaining("404")]);
    const { of } = await diagnose(env, ["--attack", `${appUrl}/api/me`]);
    expect(of("resource.challenge")?.status).toBe("ok");
  });
});

it("takes no other values than it knows, and says so on stderr with code 2", async () => {
  const { code, stdout, stderr } = await run(["doctor", "--dcr", "maybe"], { cwd: emptyFolder() });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("It is on or off.");
});
