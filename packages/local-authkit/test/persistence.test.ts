import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REDIS_SERVER, startRedis } from "@connect/adapter-contract/redis-server";
import { expect, it, onTestFinished } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { run } from "./command.js";
import {
  allow,
  authorization,
  Browser,
  begin,
  complete,
  exchange,
  PARTNER,
  PARTNER_SECRET,
  post,
  tokensFor,
} from "./harness.js";

const LOGIN_URI = "http://app.test/login";

/** The command with a store, for the helpers that want a running AuthKit. */
async function startCommand(store: string, port = 0) {
  const { child, ready, output } = run(
    ["--store", store, "--port", String(port), "--login-uri", LOGIN_URI, "--dcr"],
    {},
  );
  await ready;
  const url = /http:\/\/localhost:\d+/.exec(output())?.[0] ?? "";
  const apiKey = /sk_test_\S+/.exec(output())?.[0] ?? "";
  const kill = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { authkit: { url, issuer: url, apiKey } as LocalAuthKit, kill, port: Number(new URL(url).port) };
}

async function refresh(authkit: LocalAuthKit, token: unknown) {
  return post(authkit, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: String(token),
    client_id: PARTNER,
    client_secret: PARTNER_SECRET,
  });
}

async function outlivesItsProcess(store: string) {
  const first = await startCommand(store);
  const { authkit } = first;
  const browser = new Browser();
  const { body: tokens } = await tokensFor(authkit, {}, { browser });
  const used = await refresh(authkit, (await tokensFor(authkit)).body.refresh_token);
  const request = authorization(authkit, { prompt: "consent" });
  const callback = await allow(authkit, browser, await browser.follow(authkit, request.url));
  const code = callback.searchParams.get("code");
  const underWay = { browser: new Browser(), request: authorization(authkit) };
  const id = await begin(underWay.browser, underWay.request);
  const registered = await (
    await fetch(`${authkit.url}/oauth2/register`, {
      method: "POST",
      body: JSON.stringify({ redirect_uris: ["http://localhost/cb"], token_endpoint_auth_method: "none" }),
    })
  ).json();
  const spent = await exchange(authkit, request, code);
  expect(spent.status).toBe(200);
  await first.kill();

  const second = await startCommand(store, first.port);
  const again = second.authkit;
  expect(again.apiKey).toBe(authkit.apiKey);
  const renewed = await refresh(again, tokens.refresh_token);
  expect(renewed.status).toBe(200);
  const userinfo = await fetch(`${again.url}/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(await userinfo.json()).toMatchObject({ email: "ada@example.com" });
  // A login that was under way goes on, in the browser that began it.
  const { redirectUri, status } = await complete(again, {
    external_auth_id: id,
    user: { id: "app-1", email: "ada@example.com" },
  });
  expect(status).toBe(200);
  const way = await allow(again, underWay.browser, await underWay.browser.follow(again, redirectUri));
  expect((await exchange(again, underWay.request, way.searchParams.get("code"))).status).toBe(200);
  const known = await new Browser().request(
    authorization(again, { client_id: registered.client_id, redirect_uri: "http://localhost/cb" }).url,
  );
  expect(known.location).toContain(LOGIN_URI);

  // What was used stays used: a replay ends what came of it.
  expect((await exchange(again, request, code)).body.error).toBe("invalid_grant");
  expect((await refresh(again, spent.body.refresh_token)).body.error).toBe("invalid_grant");
  expect(used.status).toBe(200);
  await second.kill();
}

it("what a folder keeps outlives kill -9", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-authkit-"));
  await outlivesItsProcess(`file:${folder}`);
});

it.skipIf(REDIS_SERVER === undefined)(
  "what Redis keeps outlives kill -9, and Redis may come back",
  async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    await outlivesItsProcess(`unix://${redis.path}`);
  },
);

it("two can't have one folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-authkit-"));
  const { kill } = await startCommand(`file:${folder}`);
  const { code, stderr } = await run(["--store", `file:${folder}`, "--port", "0"]).exit;
  expect([code, stderr]).toEqual([1, expect.stringContaining("another local AuthKit has it open")]);
  await kill();
});
