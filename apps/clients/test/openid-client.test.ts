import * as oauth from "openid-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiUrl } from "../src/api.js";
import { begin, discover } from "../src/openid-client.js";
import { Person } from "../src/person.js";
import { openScene, type Scene } from "../src/scene.js";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene?.close());

it("openid-client goes from discovery to an API call and refreshes", async () => {
  const config = await discover(scene);
  const login = await begin(config, scene);
  const tokens = await login.redeem((await new Person().authorize(login.url, "south")).url);
  const { sub } = tokens.claims() ?? {};
  expect(await oauth.fetchUserInfo(config, tokens.access_token, String(sub))).toMatchObject({
    email: "ada@example.com",
    given_name: "Ada",
  });
  const callApi = async (token: string) =>
    (await oauth.fetchProtectedResource(config, token, new URL(apiUrl(scene)), "GET")).json();
  expect(await callApi(tokens.access_token)).toEqual({ subject: sub, workspace: "south" });

  const renewed = await oauth.refreshTokenGrant(config, String(tokens.refresh_token));
  expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
  expect(renewed.access_token).not.toBe(tokens.access_token);
  expect(renewed.claims()?.sub).toBe(sub);
  expect(await callApi(renewed.access_token)).toEqual({ subject: sub, workspace: "south" });
});
