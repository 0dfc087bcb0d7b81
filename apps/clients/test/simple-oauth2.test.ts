import { randomBytes } from "node:crypto";
import { AuthorizationCode } from "simple-oauth2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callApi } from "../src/api.js";
import { Person } from "../src/person.js";
import { client, openScene, type Scene, scope } from "../src/scene.js";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene?.close());

// It knows neither discovery nor PKCE nor ID tokens: all it is told is where AuthKit's endpoints are.
it.each(["header", "body"] as const)(
  "simple-oauth2 gets a token, with its secret in the %s, calls the API and refreshes",
  async (authorizationMethod) => {
    const oauth = new AuthorizationCode({
      client: { id: client.id, secret: client.secret },
      auth: {
        tokenHost: scene.authkit.issuer,
        authorizePath: "/oauth2/authorize",
        tokenPath: "/oauth2/token",
      },
      options: { authorizationMethod },
    });
    const state = randomBytes(16).toString("hex");
    const request = { redirect_uri: client.redirectUri, scope, state, resource: scene.resource };
    const callback = new URL((await new Person().authorize(oauth.authorizeURL(request), "south")).url);
    expect(callback.searchParams.get("state")).toBe(state);

    const tokens = await oauth.getToken({
      code: String(callback.searchParams.get("code")),
      redirect_uri: client.redirectUri,
    });
    expect(tokens.expired()).toBe(false);
    const me = await callApi(scene, String(tokens.token.access_token));
    expect(me.workspace).toBe("south");

    const renewed = await tokens.refresh();
    expect(renewed.token.refresh_token).not.toBe(tokens.token.refresh_token);
    expect(renewed.token.access_token).not.toBe(tokens.token.access_token);
    expect(await callApi(scene, String(renewed.token.access_token))).toEqual(me);
  },
);
