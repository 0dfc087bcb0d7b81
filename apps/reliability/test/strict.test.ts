import { describe, expect, it } from "vitest";
import { areSameBytes, isGoodToken, isNavigation, usableId } from "../src/inputs/strict.js";
import { createKey, goodClaims, mint } from "../src/tokens.js";

const ISSUER = "https://auth.example.com";
const key = await createKey();
const impostor = await createKey(key.kid);
const claims = goodClaims(ISSUER);
const judge = (token: string) => isGoodToken(token, ISSUER, key);

describe("the judge of tokens", () => {
  it("takes a good one", async () => {
    expect(await judge(mint(key, claims))).toBe(true);
  });

  it.each([
    ["another key's", mint(impostor, claims)],
    ["expired", mint(key, { ...claims, exp: 1 })],
    ["without an end", mint(key, { ...claims, exp: undefined })],
    ["for others", mint(key, { ...claims, aud: "https://other.example.com" })],
    ["an ID token", mint(key, { ...claims, nonce: "n" })],
    ["in another spelling", `${mint(key, claims)}=`],
    ["signed otherwise", mint(key, claims, { alg: "PS256" })],
  ])("refuses one: %s", async (_, token) => {
    expect(await judge(token)).toBe(false);
  });
});

describe("the judge of requests", () => {
  it.each([
    ["/auth/login?external_auth_id=a", "a"],
    ["/auth/login?a=b&external%5fauth%5Fid=a%2Bb#c", "a+b"],
    ["//:x?external_auth_id=a", "a"],
    ["/auth/login?external_auth_id=a&external_auth_id=a", undefined],
    ["/auth/login?external_auth_id=a+b", undefined],
    ["/auth/login?external_auth_id=", undefined],
    ["/auth/login#?external_auth_id=a", undefined],
    [`/auth/login?external_auth_id=${"a".repeat(513)}`, undefined],
  ])("reads %s", (target, id) => {
    expect(usableId(target)).toBe(id);
  });

  it("tells what somebody opened from what a program fetched", () => {
    expect(isNavigation({ "sec-fetch-dest": "document" })).toBe(true);
    expect(isNavigation({ "sec-fetch-dest": "iframe" })).toBe(false);
    expect(isNavigation({ "sec-purpose": "prefetch;prerender" })).toBe(false);
  });

  it("tells another spelling from other content", () => {
    expect(areSameBytes("AQ.Ag", "AR.Ah")).toBe(true);
    expect(areSameBytes("AQ.Ag", "AQ.Aw")).toBe(false);
  });
});
