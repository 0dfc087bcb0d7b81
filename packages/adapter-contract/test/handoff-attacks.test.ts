import { HANDOFF_ATTACKS, leadsAway, writeVisit } from "@connect/adapter-contract/attack-list";
import { expect, it } from "vitest";
import { STRAY_ATTACKS } from "../src/stray-attacks.js";

const login = {
  loginUri: new URL("https://app.example.com/auth/login?tenant=a"),
  externalAuthId: "ext_1",
  proof: "p",
};

it("each attack has a name of its own, by which a server's differences are told", () => {
  expect(new Set(STRAY_ATTACKS.map(({ what }) => what)).size).toBe(STRAY_ATTACKS.length);
});

it("a visit keeps the Login URI's own query and the browser's cookies, whatever the attack adds", () => {
  expect(writeVisit(login)).toMatch(/^GET \/auth\/login\?tenant=a&external_auth_id=ext_1 HTTP\/1\.1\r\n/);
  const attack = HANDOFF_ATTACKS.find(({ what }) => what === "no id, but one in a cookie");
  const written = writeVisit({ ...login, cookie: "session=ada" }, attack);
  expect(written).toMatch(/^GET \/auth\/login\?tenant=a& HTTP/);
  expect(written).toContain("\r\nCookie: session=ada; external_auth_id=a\r\n");
});

it.each([
  ["https://evil.example/", true],
  ["//evil.example/x", true],
  ["/\\evil.example", true],
  ["/sign-in?return_to=https%3A%2F%2Fevil.example%2Fauth", true],
  ["/sign-in?return_to=%2F%2Fevil.example", true],
  ["/sign-in?return_to=%2Fauth%2Flogin%3Freturn_to%3Dhttps%253A%252F%252Fevil.example", false],
  ["/evil.example/auth", false],
  ["https://evil.example.com/", false],
  ["", false],
])("knows whether %s leads away", (location, isAway) => {
  expect(leadsAway(location, login.loginUri)).toBe(isAway);
});
