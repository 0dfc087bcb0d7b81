import { beforeEach, describe, expect, it } from "vitest";
import { Secrets } from "../src/secrets.js";

const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.3kPq0vZ1x9TtYwUe7LrN5m";
let secrets: Secrets;

beforeEach(() => {
  secrets = new Secrets();
  secrets.add("token", TOKEN);
});

describe("the search for secrets", () => {
  it.each([
    ["alone", TOKEN],
    ["in a header", `authorization: Bearer ${TOKEN}\n`],
    ["in JSON, in a URL, in more", `{"a":"https://a.example/?t=${TOKEN}&b=c"}`],
    ["glued to other text", `xx${TOKEN}xx`],
    ["its last part only", TOKEN.slice(-18)],
  ])("finds one: %s", (_, text) => {
    secrets.search("a log", text);
    expect(secrets.leaks).toEqual([{ where: "a log", kind: "token" }]);
  });

  it("leaves alone what may stand there, and what is no secret", () => {
    secrets.search("an answer", `Hello ${TOKEN}`, [TOKEN]);
    secrets.search("an answer", "eyJhbGciOiJSUzI1NiJ9 and 0123456789abcdef0123456789abcdef");
    expect(secrets.leaks).toEqual([]);
  });

  it("finds it again in the same text, and does not take a permission for one place as one for all", () => {
    secrets.search("an answer", `Hello ${TOKEN}`, [TOKEN]);
    secrets.search("another answer", `Hello ${TOKEN}`);
    secrets.search("another answer", `Hello ${TOKEN}`);
    expect(secrets.leaks).toHaveLength(2);
  });

  it("does not take what it could not find", () => {
    expect(() => secrets.add("code", "1234")).toThrow("too short");
  });
});
