import { describe, expect, it, vi } from "vitest";
import { type AccessToken, ConnectError } from "../src/index.js";
import { caught } from "./support/errors.js";
import { createTestVerifier, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

describe("a token that the application has revoked", () => {
  it("is refused from that moment on, remembered or not", async () => {
    const revoked = new Set<string | undefined>();
    const verifier = createTestVerifier({ isRevoked: ({ tokenId }) => revoked.has(tokenId) });
    const [token, other] = [await signToken({ jti: "j1" }), await signToken({ jti: "j2" })];
    expect((await verifier.verify(token)).tokenId).toBe("j1");
    revoked.add("j1");
    expect(await caught(() => verifier.verify(token))).toMatchObject({
      code: "invalid_token",
      reason: "revoked",
    });
    expect((await verifier.verify(other)).tokenId).toBe("j2");
    expect(await verifier.authorize(withAuthorization(`Bearer ${token}`))).toMatchObject({
      type: "challenge",
      error: { code: "invalid_token" },
    });
    revoked.clear();
    expect((await verifier.verify(token)).tokenId).toBe("j1");
  });

  it("is asked about once per request, and only where it is good otherwise", async () => {
    const isRevoked = vi.fn(async (_: AccessToken) => false);
    const verifier = createTestVerifier({ isRevoked });
    const token = await signToken();
    for (let round = 0; round < 3; round++) await verifier.verify(token);
    expect(isRevoked).toHaveBeenCalledTimes(3);
    await caught(async () => verifier.verify(await signToken({ aud: "https://other.example" })));
    expect(isRevoked).toHaveBeenCalledTimes(3);
  });

  it("is not decided either where the list says that it can't tell: that is answered with 503", async () => {
    const unavailable = new ConnectError("deny_list_unavailable");
    const verifier = createTestVerifier({ isRevoked: () => Promise.reject(unavailable) });
    const outcome = await verifier.authorize(withAuthorization(`Bearer ${await signToken()}`));
    expect(outcome).toEqual({ type: "unavailable", error: unavailable });
  });

  it("is not decided where the list can't be asked: that is the application's to answer", async () => {
    const down = new Error("the list is down");
    const verifier = createTestVerifier({ isRevoked: () => Promise.reject(down) });
    await expect(verifier.authorize(withAuthorization(`Bearer ${await signToken()}`))).rejects.toBe(down);
  });
});
