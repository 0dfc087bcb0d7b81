import { describe, expect, it } from "vitest";
import { readEnvironment } from "../src/index.js";

const remote = { AUTHKIT_URL: "https://acme.authkit.app", WORKOS_API_KEY: "sk_1" };

describe("readEnvironment", () => {
  it("fits a local AuthKit when nothing is set", () => {
    const { sessionSecret, ...rest } = readEnvironment({});
    expect(rest).toEqual({
      authkitUrl: "http://localhost:4000",
      apiUrl: "http://localhost:4000",
      apiKey: "sk_test_local_authkit",
      audience: "http://localhost:3000/api",
      port: 3000,
    });
    expect(sessionSecret.length).toBeGreaterThanOrEqual(32);
    expect(readEnvironment({}).sessionSecret).not.toBe(sessionSecret);
  });

  it("takes an empty variable as unset", () => {
    expect(readEnvironment({ AUTHKIT_URL: "", PORT: " ", WORKOS_API_KEY: "" }).port).toBe(3000);
  });

  it("turns to the real API for a real AuthKit", () => {
    expect(readEnvironment(remote)).toMatchObject({
      authkitUrl: "https://acme.authkit.app",
      apiUrl: "https://api.workos.com",
      apiKey: "sk_1",
    });
  });

  it.each([
    [{ AUTHKIT_URL: "http://127.0.0.1:4100/" }, { apiUrl: "http://127.0.0.1:4100" }],
    [{ AUTHKIT_URL: "http://[::1]:4100" }, { apiUrl: "http://[::1]:4100" }],
    [{ WORKOS_API_URL: "http://localhost:4200" }, { apiUrl: "http://localhost:4200" }],
    [{ ...remote, WORKOS_API_URL: "https://api.example.com" }, { apiUrl: "https://api.example.com" }],
    [{ CONNECT_AUDIENCE: "https://Notes.example.com/api/" }, { audience: "https://Notes.example.com/api/" }],
    [{ CONNECT_AUDIENCE: "client_01ENVIRONMENT" }, { audience: "client_01ENVIRONMENT" }],
    [{ PORT: "0" }, { port: 0 }],
    [{ SESSION_SECRET: "s".repeat(32) }, { sessionSecret: "s".repeat(32) }],
  ])("reads %o", (env, expected) => {
    expect(readEnvironment(env)).toMatchObject(expected);
  });

  it.each([
    ["AUTHKIT_URL", "secret-value"],
    ["AUTHKIT_URL", "ftp://secret-value"],
    ["AUTHKIT_URL", "http://secret-value.example.com"],
    ["AUTHKIT_URL", "https://user:secret-value@example.com"],
    ["AUTHKIT_URL", "https://example.com/secret-value"],
    ["WORKOS_API_URL", "https://example.com/?secret-value"],
    ["CONNECT_AUDIENCE", "secret value"],
    ["PORT", "secret-value"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "3e3"],
    ["SESSION_SECRET", "secret-value"],
  ])("names %s and keeps %s to itself", (name, value) => {
    const error = messageOf({ ...remote, [name]: value });
    expect(error).toContain(name);
    expect(error).not.toContain(value);
  });

  it("asks for the API key of a real AuthKit", () => {
    expect(messageOf({ AUTHKIT_URL: "https://acme.authkit.app" })).toContain("WORKOS_API_KEY");
  });
});

function messageOf(env: Record<string, string>): string {
  try {
    readEnvironment(env);
  } catch (error) {
    return String(error);
  }
  throw new Error("The environment was accepted.");
}
