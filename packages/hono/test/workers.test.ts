import { type LocalAuthKit, startLocalAuthKit } from "@connect/local-authkit";
import { assertChallenge } from "@connect/testing";
import { drive } from "@connect/testing/drive";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const RESOURCE = "https://api.example.com";

describe("a Worker", () => {
  let authkit: LocalAuthKit;
  let worker: Miniflare;
  let url: URL;

  beforeAll(async () => {
    authkit = await startLocalAuthKit({ port: 0, resources: [RESOURCE] });
    // As wrangler bundles it, and without `nodejs_compat`: whatever is Node's fails here.
    const { outputFiles } = await build({
      entryPoints: [new URL("support/worker.ts", import.meta.url).pathname],
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
      conditions: ["workerd", "worker", "browser"],
    });
    worker = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? "",
      compatibilityDate: "2026-03-01",
      bindings: { WORKOS_API_KEY: authkit.apiKey, AUTHKIT_URL: authkit.url, RESOURCE },
      host: "127.0.0.1",
      port: 0,
      cf: false,
    });
    url = await worker.ready;
    authkit.setLoginUri(new URL("/auth/login", url).href);
  });
  afterAll(async () => {
    await worker?.dispose();
    await authkit?.close();
  });

  it("is the login, and verifies the token that comes of it, by the environment of its requests", async () => {
    const { tokens, claims } = await drive({ authkit, user: { cookie: "ada" }, resource: RESOURCE });
    const answer = await fetch(new URL("/api/me", url), {
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { subject: claims.sub }]);
  });

  it("refuses a request without a token, and says where the tokens come from", async () => {
    assertChallenge(await fetch(new URL("/api/me", url)), {
      resourceMetadata: `${RESOURCE}/.well-known/oauth-protected-resource`,
    });
    const metadata = await fetch(new URL("/.well-known/oauth-protected-resource", url));
    expect(await metadata.json()).toMatchObject({ resource: RESOURCE, authorization_servers: [authkit.url] });
  });
});
