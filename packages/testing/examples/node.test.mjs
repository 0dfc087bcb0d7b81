import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/core/web";
import { assertChallenge, createTestAuthKit } from "@connect/testing";

const authkit = createTestAuthKit();
const { issuer, audience, fetch } = authkit;
const verifier = createVerifier({ issuer, audience, fetch });
const handler = requireToken(verifier, {}, (_request, accessToken) => Response.json(accessToken.subject));

function call(token) {
  return handler(new Request("https://api.example.com/", { headers: { authorization: `Bearer ${token}` } }));
}

test("a good token opens the API", async () => {
  const response = await call(await authkit.token({ sub: "user_ada" }));
  assert.equal(await response.json(), "user_ada");
});

for (const [name, broken] of Object.entries(authkit.token.broken)) {
  test(`a token that is ${name} does not`, async () => {
    assertChallenge(await call(await broken()), { error: "invalid_token" });
  });
}
