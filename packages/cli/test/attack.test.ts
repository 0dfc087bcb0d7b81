import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/hono";
import { createTestAuthKit } from "@connect/testing";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { run } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";
import { listen } from "./support/listen.js";

/** An issuer that publishes its keys over HTTP, and an API of the application's that `guard` makes. */
async function startApi(guard: (authkit: ReturnType<typeof createTestAuthKit>, app: Hono) => void) {
  const site = new Hono();
  const issuer = await listen(site);
  const authkit = createTestAuthKit({ issuer });
  site.get("/.well-known/*", (c) => c.json({ issuer, jwks_uri: authkit.jwksUrl }));
  site.get("/oauth2/jwks", () => authkit.fetch(authkit.jwksUrl));
  const app = new Hono();
  guard(authkit, app);
  return { authkit, url: `${await listen(app)}/api/me` };
}

async function attack(args: string[], env: Record<string, string>, stdin?: string) {
  const surroundings = { cwd: emptyFolder(), env, ...(stdin === undefined ? {} : { stdin }) };
  const { stdout } = await run(["doctor", "--json", "--attack", ...args], surroundings);
  const findings: { check: string; status: string; seen: string }[] = JSON.parse(stdout).findings;
  return findings.filter(({ check }) => check.startsWith("attack."));
}

it("finds nothing where Connect guards, with a good token at hand and without", async () => {
  const { authkit, url } = await startApi(({ issuer, audience, fetch }, app) => {
    const verifier = createVerifier({ issuer, audience, fetch });
    app.get("/api/me", requireToken(verifier), (c) => c.json({}));
  });
  const env = { AUTHKIT_URL: authkit.issuer, CONNECT_AUDIENCE: authkit.audience };
  const without = await attack([url], env);
  expect(without.map(({ check }) => check)).toEqual(["attack.refused", "attack.left-out", "attack.no-token"]);
  expect(Number.parseInt(without[0]?.seen ?? "", 10)).toBeGreaterThan(80);
  const withToken = await attack([url, "--with-token"], env, await authkit.token());
  expect(withToken.map(({ check }) => check)).toEqual(["attack.refused", "attack.left-out"]);
  const bad = await attack([url, "--with-token"], env, await authkit.token.expired());
  expect(bad.map(({ check }) => check)).toEqual(["attack.good"]);
});

it("finds a guard that takes whatever looks like a token, and one that breaks", async () => {
  const careless = await startApi((_, app) => {
    app.get("/api/me", (c) => c.text("", c.req.header("authorization")?.includes(".") ? 200 : 401));
  });
  const env = { AUTHKIT_URL: careless.authkit.issuer };
  const seen = (await attack([careless.url], env)).map((finding) => finding.seen);
  expect(seen).toContain('Let in: alg "none".');
  expect(seen).toContain("Let in: HS256 with the PEM.");

  const fragile = await startApi((_, app) => {
    app.get("/api/me", (c) => c.text("", c.req.header("authorization") === undefined ? 401 : 500));
  });
  expect((await attack([fragile.url], { AUTHKIT_URL: fragile.authkit.issuer }))[0]?.check).toBe(
    "attack.broken",
  );
});

it("attacks nothing that is open anyway", async () => {
  const { authkit, url } = await startApi((_, app) => app.get("/api/me", (c) => c.text("hello")));
  const findings = await attack([url], { AUTHKIT_URL: authkit.issuer });
  expect(findings.map(({ check }) => check)).toEqual(["attack.closed"]);
});

it("leaves servers of others alone", async () => {
  const { code, stdout, stderr } = await run(["doctor", "--attack", "https://api.example.com/api/me"], {
    cwd: emptyFolder(),
  });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("--yes-it-is-mine");
});

it("says that nobody is there, and all else that it saw", async () => {
  const { authkit } = await startApi(() => {});
  const gone = "http://localhost:1/api/me";
  const { code, stdout, stderr } = await run(["doctor", "--json", "--attack", gone], {
    cwd: emptyFolder(),
    env: { AUTHKIT_URL: authkit.issuer },
  });
  expect([code, stderr]).toEqual([1, ""]);
  const findings: { check: string; seen: string; todo?: string }[] = JSON.parse(stdout).findings;
  expect(findings.map(({ check }) => check)).toContain("authkit.oauth-authorization-server");
  const closed = findings.find(({ check }) => check === "attack.closed");
  expect([closed?.seen, closed?.todo]).toEqual([
    expect.stringContaining("answered with nothing"),
    expect.stringContaining("Look whether the application runs"),
  ]);
});

it("takes silence and 429 for no refusal", async () => {
  const silent = await startApi((_, app) => {
    app.get("/api/me", (c) => {
      if (c.req.header("authorization")?.startsWith("Basic")) (c.env as HttpBindings).outgoing.destroy();
      return c.text("", 401);
    });
  });
  const seen = (await attack([silent.url], { AUTHKIT_URL: silent.authkit.issuer })).map((one) => one.seen);
  expect(seen).toContain("Not answered: after Basic.");

  let requests = 0;
  const limited = await startApi((_, app) => {
    app.get("/api/me", (c) => {
      requests += 1;
      return c.text("", requests > 30 ? 429 : 401);
    });
  });
  const findings = await attack([limited.url], { AUTHKIT_URL: limited.authkit.issuer });
  expect(findings.map(({ check }) => check)).toEqual(["attack.limited"]);
});

it("does not blame the token where the route breaks on it", async () => {
  const { authkit, url } = await startApi((_, app) => {
    app.get("/api/me", (c) => c.text("", c.req.header("authorization") === undefined ? 401 : 503));
  });
  const [finding] = await attack(
    [url, "--with-token"],
    { AUTHKIT_URL: authkit.issuer },
    await authkit.token(),
  );
  expect(finding).toMatchObject({ check: "attack.good", todo: "Look at the application's log." });
  expect(finding?.seen).toContain("503");
});
