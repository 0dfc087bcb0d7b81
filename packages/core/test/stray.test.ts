import { describe, expect, it } from "vitest";
import { createStrayCatcher, toReply } from "../src/index.js";
import { caught } from "./support/errors.js";
import { request } from "./support/requests.js";

const catchStray: ReturnType<typeof createStrayCatcher> = (view) => createStrayCatcher("/auth/login")(view);

describe("a login that landed elsewhere", () => {
  it.each([
    ["https://app.example.com/?external_auth_id=a", "a"],
    ["/?external_auth_id=a", "a"],
    ["/dashboard?tab=1&external_auth_id=a&x=y#top", "a"],
    ["/auth/login/?external_auth_id=a", "a"],
    ["/auth/logins?external_auth_id=a", "a"],
    ["/AUTH/LOGIN?external_auth_id=a", "a"],
    ["//evil.example?external_auth_id=a", "a"],
    ["/?external_auth_id=a%26b%3Dc%25%22", "a%26b%3Dc%25%22"],
  ])("is sent to the Login URI, with its id and nothing else: %s", (url, id) => {
    const outcome = catchStray(request(url));
    expect(outcome).toEqual({
      type: "redirect",
      to: "login-uri",
      location: `/auth/login?external_auth_id=${id}`,
    });
    expect(toReply(outcome as NonNullable<typeof outcome>)).toMatchObject({
      status: 303,
      headers: { "cache-control": "no-store", "referrer-policy": "no-referrer" },
    });
  });

  it.each(["/", "/auth/l%C3%B6gin", "/auth/login/"])("may have its Login URI at %s", (loginPath) => {
    const url = "/elsewhere?external_auth_id=a";
    expect(createStrayCatcher(loginPath)(request(url))?.location).toBe(`${loginPath}?external_auth_id=a`);
    expect(createStrayCatcher(loginPath)(request(`${loginPath}?external_auth_id=a`))).toBeNull();
  });
});

describe("any other request goes its own way:", () => {
  it.each([
    ["the Login URI", "/auth/login?external_auth_id=a"],
    ["the Login URI of another host name", "https://other.example/auth/login?external_auth_id=a"],
    ["no id", "/dashboard?tab=1"],
    ["an id in the path", "/external_auth_id"],
    ["an id in the fragment", "/dashboard#?external_auth_id=a"],
    ["a parameter of a longer name", "/dashboard?my_external_auth_id=a"],
    ["an empty id", "/?external_auth_id="],
    ["two ids", "/?external_auth_id=a&external_auth_id=b"],
    ["an id too long", `/?external_auth_id=${"a".repeat(513)}`],
    ["an id that is none", "/?external_auth_id=a%20b"],
  ])("one with %s", (_, url) => {
    expect(catchStray(request(url))).toBeNull();
  });

  it.each([
    ["HEAD", {}],
    ["POST", {}],
    ["GET", { "sec-purpose": "prefetch" }],
    ["GET", { "x-purpose": "preview" }],
    ["GET", { "x-moz": "prefetch" }],
    ["GET", { "next-router-prefetch": "1" }],
    ["GET", { "sec-fetch-dest": "iframe" }],
    ["GET", { "sec-fetch-dest": "empty" }],
  ])("one that is no person's own navigation: %s %o", (method, headers) => {
    expect(catchStray(request("/?external_auth_id=a", { method, headers }))).toBeNull();
  });
});

describe("what is no failure of the request", () => {
  it("passes untouched", () => {
    const thrown = new Error("no headers");
    const headers = {
      get: () => {
        throw thrown;
      },
    };
    expect(() => catchStray({ method: "GET", url: "/?external_auth_id=a", headers })).toThrow(thrown);
  });
});

describe("the path of the Login URI", () => {
  it.each([
    "",
    "auth/login",
    "//evil.example",
    "/\\evil.example",
    "/.//evil.example",
    "https://app.example.com/auth/login",
    "/auth/login?x=1",
    "/auth/login?",
    "/auth/login#x",
    "/auth/login#",
    "/auth/../login",
    "/auth/lögin",
    "/auth/login\n",
  ])("is refused where it is none: %j", async (loginPath) => {
    const error = await caught(() => createStrayCatcher(loginPath));
    expect(error).toMatchObject({ code: "invalid_config", reason: "loginPath: must be a path" });
  });
});
