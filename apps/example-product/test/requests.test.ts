import { describe, expect, it } from "vitest";
import { isSameOrigin, readReturnTo } from "../src/index.js";

describe("readReturnTo", () => {
  it.each([
    ["/", "/"],
    ["/login?external_auth_id=abc%2F1&x=//y", "/login?external_auth_id=abc%2F1&x=//y"],
    ["/notes#last", "/notes#last"],
    ["/é", "/%C3%A9"],
    ["/a/../b", "/b"],
  ])("keeps %j", (value, expected) => {
    expect(readReturnTo(value)).toBe(expected);
  });

  it.each([
    undefined,
    null,
    "",
    7,
    {},
    ["/a", "/b"],
    "notes",
    "https://evil.example/",
    "javascript:alert(1)",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/a\r\nset-cookie: b",
    "/a\0",
    "/a\x7f",
    "//[",
  ])("turns %j into /", (value) => {
    expect(readReturnTo(value)).toBe("/");
  });
});

describe("isSameOrigin", () => {
  it.each([
    [{}, true],
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "cross-site", origin: "http://localhost:3000", host: "localhost:3000" }, false],
    [{ origin: "http://localhost:3000", host: "localhost:3000" }, true],
    [{ origin: "https://notes.example", host: "notes.example" }, true],
    [{ origin: "http://localhost:3001", host: "localhost:3000" }, false],
    [{ origin: "https://evil.example", host: "notes.example" }, false],
    [{ origin: "https://notes.example.evil.example", host: "notes.example" }, false],
    [{ origin: "null", host: "notes.example" }, false],
    [{ origin: "http://localhost:3000" }, false],
  ])("%o is %s", (headers, expected) => {
    expect(isSameOrigin(new Headers(headers as Record<string, string>))).toBe(expected);
  });
});
