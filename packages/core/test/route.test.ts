import { describe, expect, it, vi } from "vitest";
import { createLoginRoute, type LoginRouteOptions } from "../src/index.js";
import { ADA, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught } from "./support/errors.js";
import { request } from "./support/requests.js";

/** A framework's request. */
interface Native {
  readonly user: string | null;
}

const NATIVE: Native = { user: "ada" };
const LOGIN_URI = "/auth/login?external_auth_id=a";

describe("a login route", () => {
  it("gives authenticate the framework's own request and the context", async () => {
    const { login } = createAuthkit();
    const authenticate = vi.fn((_request: Native) => ADA);
    const route = createLoginRoute<Native>(login, { signInUrl: "/sign-in", authenticate });
    expect(await route(request(LOGIN_URI), NATIVE)).toEqual({
      type: "redirect",
      to: "authkit",
      location: REDIRECT_URI,
    });
    expect(authenticate.mock.calls).toEqual([[NATIVE, { externalAuthId: "a", returnTo: LOGIN_URI }]]);
    expect(authenticate.mock.calls[0]?.[0]).toBe(NATIVE);
  });

  it("gives onError the error and the framework's own request", async () => {
    const { login } = createAuthkit();
    const onError = vi.fn();
    const route = createLoginRoute<Native>(login, { signInUrl: "/", authenticate: () => ADA, onError });
    const outcome = await route(request("/auth/login"), NATIVE);
    if (outcome.type !== "failure") throw new Error("not a failure");
    expect(onError.mock.calls).toEqual([[outcome.error, NATIVE]]);
  });

  it("passes the other options on", async () => {
    const { login } = createAuthkit(() => new Response(null, { status: 404 }));
    const authenticate = ({ user }: Native) => (user === null ? null : ADA);
    const route = createLoginRoute(login, { signInUrl: "/sign-in", fallbackUrl: "/home", authenticate });
    expect(await route(request(LOGIN_URI), NATIVE)).toMatchObject({ to: "fallback", location: "/home" });
    expect(await route(request(LOGIN_URI), { user: null })).toMatchObject({ to: "sign-in" });
  });

  it("lets through what authenticate throws", async () => {
    const { login } = createAuthkit();
    const thrown = new Error("database down");
    const authenticate = () => Promise.reject(thrown);
    const route = createLoginRoute<Native>(login, { signInUrl: "/sign-in", authenticate });
    await expect(route(request(LOGIN_URI), NATIVE)).rejects.toBe(thrown);
  });

  it.each<[option: string, options: Record<string, unknown>]>([
    ["authenticate", { authenticate: undefined }],
    ["authenticate", { authenticate: ADA }],
    ["signInUrl", { signInUrl: undefined }],
    ["signInUrl", { signInUrl: "//evil.example" }],
    ["fallbackUrl", { fallbackUrl: "home" }],
    ["onError", { onError: "console" }],
  ])("is refused when it is made, not at the first login: %s", async (option, options) => {
    const { login } = createAuthkit();
    const all = { signInUrl: "/sign-in", authenticate: () => null, ...options };
    const error = await caught(() => createLoginRoute(login, all as LoginRouteOptions<Native>));
    expect(error.code).toBe("invalid_config");
    expect(error.reason).toMatch(new RegExp(`^${option}: `));
  });
});
