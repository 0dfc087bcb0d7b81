import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiUrl } from "../src/api.js";
import { Person } from "../src/person.js";
import { client, openScene, type Scene, scope } from "../src/scene.js";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene?.close());

const insecure = { [oauth.allowInsecureRequests]: true };
const field: oauth.Client = { client_id: client.id };

it.each([
  ["oidc", oauth.ClientSecretBasic(client.secret)],
  ["oauth2", oauth.ClientSecretPost(client.secret)],
] as const)(
  "oauth4webapi goes from discovery (%s) to an API call and refreshes",
  async (algorithm, authentication) => {
    const issuer = new URL(scene.authkit.issuer);
    const as = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm, ...insecure }),
    );

    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(String(as.authorization_endpoint));
    url.search = new URLSearchParams({
      response_type: "code",
      client_id: client.id,
      redirect_uri: client.redirectUri,
      scope,
      resource: scene.resource,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }).toString();
    const callback = await new Person().authorize(url.href, "south");

    const tokens = await redeem();
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    expect(claims?.email).toBe("ada@example.com");
    expect(await callApi(tokens.access_token)).toEqual({ subject: claims?.sub, workspace: "south" });

    const renewed = await refresh(String(tokens.refresh_token));
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    expect(renewed.access_token).not.toBe(tokens.access_token);
    expect(await callApi(renewed.access_token)).toEqual({ subject: claims?.sub, workspace: "south" });

    async function redeem() {
      const parameters = oauth.validateAuthResponse(as, field, new URL(callback.url), state);
      const response = await oauth.authorizationCodeGrantRequest(
        as,
        field,
        authentication,
        parameters,
        client.redirectUri,
        verifier,
        insecure,
      );
      const result = await oauth.processAuthorizationCodeResponse(as, field, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(as, response, insecure);
      return result;
    }

    async function refresh(token: string) {
      const response = await oauth.refreshTokenGrantRequest(as, field, authentication, token, insecure);
      return oauth.processRefreshTokenResponse(as, field, response);
    }

    async function callApi(token: string) {
      const response = await oauth.protectedResourceRequest(
        token,
        "GET",
        new URL(apiUrl(scene)),
        undefined,
        undefined,
        insecure,
      );
      return response.json();
    }
  },
);
