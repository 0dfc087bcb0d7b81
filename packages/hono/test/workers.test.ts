import { AUDIENCE, type ScriptedAuthKit, startScriptedAuthKit } from "@connect/adapter-contract";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("a Worker", () => {
  let authkit: ScriptedAuthKit;
  let worker: Miniflare;
  let url: URL;

  beforeAll(async () => {
    authkit = await startScriptedAuthKit();
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
      bindings: { WORKOS_API_KEY: "sk_test_worker", AUTHKIT_URL: authkit.url, RESOURCE: AUDIENCE },
      host: "127.0.0.1",
      port: 0,
      cf: false,
    });
    url = await worker.ready;
  });
  afterAll(async () => {
    await worker?.dispose();
    await authkit?.close();
  });

  it("is the login by the environment of its requests", async () => {
    const visit = await fetch(new URL("/auth/login?external_auth_id=x", url), {
      headers: { cookie: "ada" },
      redirect: "manual",
    });
    expect(visit.status).toBe(303);
    expect(new URL(visit.headers.get("location") ?? "").origin).toBe(authkit.url);
    expect(authkit.completions).toMatchObject([
      { authorization: "Bearer sk_test_worker", body: { external_auth_id: "x", user: { id: "ada" } } },
    ]);
  });

  it("verifies tokens by it", async () => {
    const answer = await fetch(new URL("/api/me", url), {
      headers: { authorization: `Bearer ${await authkit.token({ sub: "user_1" })}` },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { subject: "user_1" }]);
  });

  it("refuses a request without a token, and says where the tokens come from", async () => {
    const refused = await fetch(new URL("/api/me", url));
    const metadataUrl = new URL(AUDIENCE);
    metadataUrl.pathname = `/.well-known/oauth-protected-resource${metadataUrl.pathname}`;
    expect(refused.headers.get("www-authenticate")).toBe(`Bearer resource_metadata="${metadataUrl}"`);
    const metadata = await fetch(new URL(metadataUrl.pathname, url));
    expect(await metadata.json()).toMatchObject({ resource: AUDIENCE, authorization_servers: [authkit.url] });
  });
});
