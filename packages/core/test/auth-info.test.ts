import type { AuthInfo as AuthInfo1 } from "@modelcontextprotocol/sdk/server/auth/types.js";
import type { AuthInfo as AuthInfo2 } from "@modelcontextprotocol/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createProtectedResource, toAuthInfo } from "../src/index.js";
import { AUDIENCE, createTestVerifier, ISSUER, NOW, signToken } from "./support/issuer.js";

describe("what an MCP server is told of its caller", () => {
  it("is who calls, for what, and until when", async () => {
    const resource = createProtectedResource({ resource: AUDIENCE, authkitUrl: ISSUER });
    const token = await signToken({ client_id: "client_1", scope: "openid email" });
    const accessToken = await createTestVerifier().verify(token);
    const authInfo = toAuthInfo(accessToken, resource);
    expect(authInfo).toEqual({
      token: "",
      clientId: "client_1",
      scopes: ["openid", "email"],
      expiresAt: NOW + 290,
      resource: new URL(AUDIENCE),
      resourceMetadataUrl: resource.metadataUrl,
      extra: { accessToken },
    });
    expect(authInfo.extra.accessToken).toBe(accessToken);
    // Tools get the caller, and nothing that could be passed on.
    expect(JSON.stringify(authInfo)).not.toContain(token.split(".")[2]);
  });

  it("needs neither resource nor client", async () => {
    const accessToken = await createTestVerifier().verify(await signToken());
    expect(toAuthInfo(accessToken)).toEqual({
      token: "",
      clientId: "",
      scopes: [],
      expiresAt: NOW + 290,
      extra: { accessToken },
    });
  });

  it("is an AuthInfo of both versions of the SDK, and keeps the claims' type", async () => {
    const accessToken = await createTestVerifier().verify(await signToken());
    const authInfo = toAuthInfo({ ...accessToken, claims: { tenant: "a" as const } });
    expectTypeOf(authInfo).toExtend<AuthInfo1>();
    expectTypeOf(authInfo).toExtend<AuthInfo2>();
    expectTypeOf(authInfo.extra.accessToken.claims.tenant).toEqualTypeOf<"a">();
  });
});
