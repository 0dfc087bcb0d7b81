import { describe, expect, it } from "vitest";
import { toReply } from "../src/index.js";
import { createTestVerifier, signToken } from "./support/issuer.js";
import { request, withAuthorization } from "./support/requests.js";

const token = await signToken();

describe("the Authorization header", () => {
  it.each([["Bearer"], ["bearer"], ["BEARER"], ["bEaReR"]])("may write the scheme %s", async (scheme) => {
    const outcome = await createTestVerifier().authorize(withAuthorization(`${scheme} ${token}`));
    expect(outcome.type).toBe("authorized");
  });

  it.each([
    ["absent", undefined],
    ["empty", ""],
    ["Basic", "Basic dXNlcjpwYXNz"],
    ["Basic with a token", `Basic ${token}`],
    ["DPoP", `DPoP ${token}`],
    ["a scheme that begins alike", `Bearers ${token}`],
    ["a token without a scheme", token],
    ["another scheme first", `Basic dXNlcjpwYXNz, Bearer ${token}`],
    ["a tab after the scheme", `Bearer\t${token}`],
    ["another scheme, longer than any token", `Negotiate ${"a".repeat(12_000)}`],
  ])("is no bearer token, which gets a bare challenge: %s", async (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const outcome = await createTestVerifier().authorize(request("/api", { headers }));
    expect(outcome).toMatchObject({
      type: "challenge",
      challenge: "Bearer",
      error: { code: "missing_token", status: 401 },
    });
  });

  it.each([
    ["the scheme alone", "Bearer", "empty"],
    ["the scheme alone in lower case", "bearer", "empty"],
    ["two tokens", "Bearer a b", "characters"],
    ["two headers, joined", `Bearer ${token}, Bearer ${token}`, "characters"],
    ["two headers, joined without a space", `Bearer ${token},Bearer ${token}`, "characters"],
    ["another scheme second", `Bearer ${token}, Basic dXNlcjpwYXNz`, "characters"],
    ["two spaces", `Bearer  ${token}`, "characters"],
    ["a quoted token", `Bearer "${token}"`, "characters"],
    ["a parameter", `Bearer token="${token}"`, "characters"],
    ["padding inside", "Bearer a=b", "characters"],
    ["only padding", "Bearer ==", "characters"],
    ["a letter outside of ASCII", "Bearer é", "characters"],
    ["a semicolon", `Bearer ${token};`, "characters"],
  ])("is malformed: %s", async (_, authorization, reason) => {
    const outcome = await createTestVerifier().authorize(withAuthorization(authorization));
    expect(outcome).toMatchObject({
      type: "challenge",
      challenge: 'Bearer error="invalid_request", error_description="The Authorization header is malformed."',
      error: { code: "invalid_request", status: 400, reason },
    });
  });

  it("is malformed with nothing but a space after the scheme, where a framework does not trim it", async () => {
    for (const authorization of ["Bearer ", "Bearer   "]) {
      const headers = { get: () => authorization };
      const outcome = await createTestVerifier().authorize({ method: "GET", url: "/api", headers });
      expect(outcome).toMatchObject({ type: "challenge", error: { code: "invalid_request" } });
    }
  });

  it("is malformed with a line break at its end, where a framework lets it through", async () => {
    const headers = { get: () => `Bearer ${token}\n` };
    const outcome = await createTestVerifier().authorize({ method: "GET", url: "/api", headers });
    expect(outcome).toMatchObject({ type: "challenge", error: { code: "invalid_request" } });
  });

  it("may hold a token of 8192 characters and none of 8193, without a look at the keys", async () => {
    const verifier = createTestVerifier({
      fetch: () => {
        throw new Error("asked for keys");
      },
    });
    const reasonOf = async (length: number) => {
      const outcome = await verifier.authorize(withAuthorization(`Bearer ${"a".repeat(length)}`));
      return outcome.type === "challenge" ? [outcome.error.code, outcome.error.reason] : outcome.type;
    };
    expect(await reasonOf(8192)).toEqual(["invalid_token", "malformed"]);
    expect(await reasonOf(8193)).toEqual(["invalid_token", "too_long"]);
  });

  it("is the only place that is looked at", async () => {
    const url = `https://api.example.com/?access_token=${token}&authorization=Bearer%20${token}`;
    const headers = {
      cookie: `access_token=${token}`,
      "x-access-token": token,
      "proxy-authorization": `Bearer ${token}`,
    };
    const outcome = await createTestVerifier().authorize(request(url, { headers }));
    expect(outcome).toMatchObject({
      type: "challenge",
      challenge: "Bearer",
      error: { code: "missing_token" },
    });
    if (outcome.type === "authorized") throw new Error("authorized");
    expect(JSON.stringify(toReply(outcome))).not.toContain(token);
  });

  it("is judged however long it is", async () => {
    const verifier = createTestVerifier();
    for (const filler of [" ", "a", "=", "a=", ","]) {
      for (const scheme of ["Bearer", "Basic", ""]) {
        const headers = { get: () => `${scheme} ${filler.repeat(500_000)}!` };
        expect((await verifier.authorize({ method: "GET", url: "/api", headers })).type).toBe("challenge");
      }
    }
  });
});
