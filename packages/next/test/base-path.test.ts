import { createApplication } from "@connect/adapter-contract";
import { isConnectError } from "@connect/core";
import { loginRoute } from "@connect/next";
import * as pages from "@connect/next/pages";
import { afterEach, describe, expect, it, vi } from "vitest";

const { login, loginOptions } = createApplication("http://127.0.0.1:1");
const authenticate = () => null;

afterEach(() => vi.unstubAllEnvs());

describe.each<[string, (basePath?: string) => unknown]>([
  ["a route handler", (basePath) => loginRoute(login, { ...loginOptions, authenticate, basePath })],
  ["an API route", (basePath) => pages.loginRoute(login, { ...loginOptions, authenticate, basePath })],
])("the basePath of %s", (_, mount) => {
  const attempt = (basePath?: string) => {
    try {
      return mount(basePath);
    } catch (error) {
      return isConnectError(error, "invalid_config") ? error.reason : error;
    }
  };

  it.each([
    "product",
    "/product/",
    "/",
    "/a?b",
    "/a#b",
    "//evil.example",
    "/\\evil.example",
    "/a b",
    "https://x.example",
  ])("is refused as %j", (basePath) => {
    expect(attempt(basePath)).toBe("basePath: must be a path without a slash at its end");
  });

  it.each([undefined, "", "/product", "/a/b-c"])("may be %j", (basePath) => {
    expect(attempt(basePath)).toBeTypeOf("function");
  });

  it.each([
    ["/product", undefined],
    ["/product", "/prod"],
    ["", "/product"],
  ])("is the one that Next was built with: with %j, %j is refused", (built, basePath) => {
    vi.stubEnv("__NEXT_ROUTER_BASEPATH", built);
    expect(attempt(basePath)).toBe("basePath: must be that of next.config");
    expect(attempt(built)).toBeTypeOf("function");
  });
});
