import { describe, expect, it } from "vitest";

import {
  ADA,
  authorization,
  Browser,
  decode,
  PARTNER,
  post,
  signIn,
  start,
  TENANT,
  tokensFor,
} from "./harness.js";

const claimsOf = (token: unknown) => decode(token).claims;

describe("a JWT template", () => {
  it("adds claims about the user to access tokens, and only to these", async () => {
    const authkit = await start({
      jwtTemplate: {
        "urn:example:own_id": "{{ user.external_id }}",
        id: "{{user.id}}",
        email: "{{ user.email }}",
        name: "{{ user.first_name }} {{ user.last_name }}",
        plan: "{{ user.metadata.plan }}",
        nested: { list: ["{{ user.first_name }}", 1, true], deep: { plan: "is {{ user.metadata.plan }}" } },
        literal: "as it is: { user.email }",
        number: 7,
      },
    });
    const { body } = await tokensFor(authkit, {}, { user: { ...ADA, metadata: { plan: "pro" } } });
    const claims = {
      "urn:example:own_id": ADA.id,
      id: authkit.users.findByExternalId(ADA.id)?.id,
      email: ADA.email,
      name: "Ada Lovelace",
      plan: "pro",
      nested: { list: ["Ada", 1, true], deep: { plan: "is pro" } },
      literal: "as it is: { user.email }",
      number: 7,
    };
    expect(claimsOf(body.access_token)).toMatchObject(claims);
    expect(claimsOf(body.id_token)).not.toHaveProperty("plan");
    expect(claimsOf(body.id_token)).not.toHaveProperty("urn:example:own_id");
  });

  it("leaves out what the user does not have; within a text it is empty", async () => {
    const authkit = await start({
      jwtTemplate: {
        last: "{{ user.last_name }}",
        plan: "{{ user.metadata.plan }}",
        inherited: "{{ user.metadata.__proto__ }}",
        none: null,
        text: "<{{ user.first_name }}{{ user.metadata.plan }}{{ user.metadata.toString }}>",
        nested: { last: "{{ user.last_name }}" },
        list: ["{{ user.last_name }}"],
      },
    });
    const { body } = await tokensFor(authkit, {}, { user: { id: "app-9", email: "nine@example.com" } });
    const claims = claimsOf(body.access_token);
    for (const name of ["last", "plan", "inherited", "none"]) expect(claims).not.toHaveProperty(name);
    expect(claims).toMatchObject({ text: "<>", nested: {}, list: [null] });
  });

  it("takes the first of its fallbacks that is there", async () => {
    const authkit = await start({
      jwtTemplate: {
        plan: "{{ user.metadata.plan || user.metadata.tier || 'free' }}",
        greeting: `Hello {{ user.metadata.nickname || user.first_name || "you" }}`,
      },
    });
    const { body } = await tokensFor(authkit, {}, { user: { ...ADA, metadata: { tier: "gold" } } });
    expect(claimsOf(body.access_token)).toMatchObject({ plan: "gold", greeting: "Hello Ada" });
    const nobody = { id: "app-9", email: "nine@example.com" };
    const other = await tokensFor(authkit, {}, { user: nobody });
    expect(claimsOf(other.body.access_token)).toMatchObject({ plan: "free", greeting: "Hello you" });
  });

  it("is rendered anew at a refresh", async () => {
    const authkit = await start({ jwtTemplate: { plan: "{{ user.metadata.plan }}" } });
    const { body, request } = await tokensFor(authkit, {}, { user: { ...ADA, metadata: { plan: "free" } } });
    await signIn(authkit, new Browser(), authorization(authkit), {
      user: { ...ADA, metadata: { plan: "pro" } },
    });
    const renewed = await post(authkit, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: String(body.refresh_token),
      client_id: request.clientId,
      client_secret: "partner_secret_local",
    });
    expect(claimsOf(renewed.body.access_token).plan).toBe("pro");
  });

  it("stands behind AuthKit's own claims and what the user chose", async () => {
    const authkit = await start({
      jwtTemplate: { aud: "x", scope: "x", client_id: "x", sid: "x", [TENANT.claim]: "x", kept: "x" },
    });
    const { body } = await tokensFor(authkit, {}, { options: [TENANT], choice: "prod_us" });
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: authkit.environmentClientId,
      scope: "openid profile email offline_access",
      client_id: PARTNER,
      sid: expect.stringMatching(/^app_consent_/),
      [TENANT.claim]: "prod_us",
      kept: "x",
    });
  });

  it("says nothing of machines", async () => {
    const job = {
      clientId: "client_m2m",
      clientSecret: "s",
      name: "Job",
      redirectUris: [],
      grantTypes: ["client_credentials" as const],
    };
    const authkit = await start({ clients: [job], jwtTemplate: { kind: "user" } });
    const { body } = await post(authkit, "/oauth2/token", {
      grant_type: "client_credentials",
      client_id: job.clientId,
      client_secret: job.clientSecret,
    });
    expect(claimsOf(body.access_token)).not.toHaveProperty("kind");
  });

  it("may be rendered to 3072 bytes and no more", async () => {
    const authkit = await start({ jwtTemplate: { x: "y".repeat(3060), z: "{{ user.metadata.z }}" } });
    expect((await tokensFor(authkit)).status).toBe(200);
    const { status, body } = await tokensFor(authkit, {}, { user: { ...ADA, metadata: { z: "z" } } });
    expect([status, body]).toEqual([
      400,
      { error: "server_error", error_description: "The rendered JWT template is larger than 3072 bytes." },
    ]);
  });
});
