import { drive } from "@connect/testing/drive";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../src/example.js";
import { audience, client, type Launched, launch, redirectUri } from "../src/launch.js";
import { callApi } from "../src/story.js";

const ADA = { fields: { email: "ada@example.com", password: "ada-password" } };

describe.each(examples)("drive of the test kit, with example-%s", (example) => {
  let launched: Launched;
  beforeAll(async () => {
    launched = await launch(example);
  });
  afterAll(() => launched?.close());

  it("signs in, chooses a workspace, and has a token that the API takes", async () => {
    const { tokens, claims } = await drive({
      authkit: launched.authkit,
      client: { ...client, redirectUri },
      user: ADA,
      choose: { "urn:example:tenant": "prod_us" },
      resource: audience,
    });
    expect(claims).toMatchObject({ aud: audience, "urn:example:tenant": "prod_us" });
    expect(await callApi(launched.exampleUrl, tokens.accessToken)).toMatchObject({
      status: 200,
      body: { tenant: "prod_us" },
    });
  });

  it("denies", async () => {
    const { authkit } = launched;
    const { denied } = await drive({ authkit, client: { ...client, redirectUri }, user: ADA, deny: true });
    expect(denied).toBe("consent");
  });
});
