import { describe, expect, it } from "vitest";
import { readEnvironment } from "../src/index.js";

describe("readEnvironment", () => {
  it("fits a local AuthKit and an example product when nothing is set", () => {
    expect(readEnvironment({})).toEqual({
      port: 3001,
      authkitUrl: "http://localhost:4000",
      clientId: "client_local_partner",
      clientSecret: "partner_secret_local",
      resource: "http://localhost:3000/api",
      apiUrl: "http://localhost:3000/api/me",
    });
  });

  it.each([
    [{ PORT: "0" }, { port: 0 }],
    [{ PORT: "" }, { port: 3001 }],
    [{ AUTHKIT_URL: "https://acme.authkit.app/" }, { authkitUrl: "https://acme.authkit.app" }],
    [{ CLIENT_ID: "client_1" }, { clientId: "client_1" }],
    [{ CLIENT_SECRET: "s" }, { clientSecret: "s" }],
    [{ CLIENT_SECRET: "" }, { clientSecret: null }],
    [{ RESOURCE: "https://Notes.example/api/" }, { resource: "https://Notes.example/api/" }],
    [{ API_URL: "https://notes.example/me?a=1" }, { apiUrl: "https://notes.example/me?a=1" }],
  ])("reads %o", (env, expected) => {
    expect(readEnvironment(env)).toMatchObject(expected);
  });

  it.each([
    ["PORT", "secret-value"],
    ["PORT", "65536"],
    ["AUTHKIT_URL", "secret-value"],
    ["AUTHKIT_URL", "https://example.com/secret-value"],
    ["AUTHKIT_URL", "http://secret-value.example"],
    ["RESOURCE", "secret-value"],
    ["RESOURCE", "https://example.com/#secret-value"],
    ["API_URL", "ftp://secret-value"],
    ["API_URL", "http://secret-value.example"],
    ["API_URL", "https://user:secret-value@example.com"],
  ])("names %s and keeps %s to itself", (name, value) => {
    const error = messageOf({ [name]: value });
    expect(error).toContain(name);
    expect(error).not.toContain(value);
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
