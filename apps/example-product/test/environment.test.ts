import { describe, expect, it } from "vitest";
import { readEnvironment, resourceIndicators } from "../src/index.js";

const remote = { AUTHKIT_URL: "https://acme.authkit.app", WORKOS_API_KEY: "sk_1" };

describe("readEnvironment", () => {
  it("fits a local AuthKit when nothing is set", () => {
    const { sessionSecret, ...rest } = readEnvironment({});
    expect(rest).toEqual({
      authkitUrl: "http://localhost:4000",
      apiUrl: "http://localhost:4000",
      apiKey: "sk_test_local_authkit",
      appUrl: "http://localhost:3000",
      audience: "http://localhost:3000/api",
      mcpResource: "http://localhost:3000/mcp",
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
    [
      { PORT: "3100" },
      { port: 3100, appUrl: "http://localhost:3100", audience: "http://localhost:3100/api" },
    ],
    [
      { APP_URL: "https://notes.example.com/", PORT: "0" },
      {
        appUrl: "https://notes.example.com",
        audience: "https://notes.example.com/api",
        mcpResource: "https://notes.example.com/mcp",
        port: 0,
      },
    ],
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
    ["APP_URL", "http://secret-value.example.com"],
    ["APP_URL", "https://example.com/secret-value"],
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

describe("the application's address", () => {
  it("must be told where the system chooses the port", () => {
    expect(messageOf({ PORT: "0" })).toContain("APP_URL");
  });
});

describe("resourceIndicators", () => {
  it("says what to register, character by character", () => {
    const environment = readEnvironment({ APP_URL: "https://notes.example.com" });
    expect(resourceIndicators(environment)).toContain(
      " https://notes.example.com/api https://notes.example.com/mcp",
    );
  });

  it("does not offer the environment's client id", () => {
    expect(resourceIndicators(readEnvironment({ CONNECT_AUDIENCE: "client_01ENVIRONMENT" }))).not.toContain(
      "client_01",
    );
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
