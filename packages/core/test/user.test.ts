import { describe, expect, it } from "vitest";
import type { User } from "../src/index.js";
import { createAuthkit } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";

/** Part of every bad value below; must not turn up in an error. */
const SECRET = "s3cr3t";

const USER = { id: "user_1", email: "ada@example.com" };

const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${SECRET}${i}`, ""]));

describe("a user that AuthKit would refuse", () => {
  it.each<[what: string, user: unknown, reason: string]>([
    ["null", null, "user must be an object"],
    ["a string", SECRET, "user must be an object"],
    ["a list", [SECRET], "user.id is missing"],
    ["no id", { email: `${SECRET}@example.com` }, "user.id is missing"],
    ["an undefined id", { ...USER, id: undefined }, "user.id must be a string"],
    ["a number for an id", { ...USER, id: 5 }, "user.id must be a string"],
    ["an object for an id", { ...USER, id: { SECRET } }, "user.id must be a string"],
    ["an empty id", { ...USER, id: "" }, "user.id must not be empty"],
    ["an id of 129 characters", { ...USER, id: SECRET.padEnd(129, "a") }, "user.id is too long"],
    ["a letter outside of ASCII in the id", { ...USER, id: `${SECRET}é` }, "user.id must be ASCII"],
    ["a line break in the id", { ...USER, id: `${SECRET}\n` }, "user.id must be ASCII"],
    ["NUL in the id", { ...USER, id: `${SECRET}\0` }, "user.id must be ASCII"],
    ["no e-mail", { id: SECRET }, "user.email is missing"],
    ["null for an e-mail", { ...USER, email: null }, "user.email must be a string"],
    ["an object for an e-mail", { ...USER, email: { SECRET } }, "user.email must be a string"],
    ["an empty e-mail", { ...USER, email: "" }, "user.email is not an e-mail address"],
    ["no @", { ...USER, email: SECRET }, "user.email is not an e-mail address"],
    ["nothing before the @", { ...USER, email: `@${SECRET}` }, "user.email is not an e-mail address"],
    ["nothing after the @", { ...USER, email: `${SECRET}@` }, "user.email is not an e-mail address"],
    ["two @", { ...USER, email: `a@${SECRET}@b` }, "user.email is not an e-mail address"],
    ["a space in the e-mail", { ...USER, email: `${SECRET} a@b` }, "user.email is not an e-mail address"],
    ["CRLF in the e-mail", { ...USER, email: `a@${SECRET}\r\n` }, "user.email is not an e-mail address"],
    ["a control character", { ...USER, email: `a\u0085@${SECRET}` }, "user.email is not an e-mail address"],
    [
      "an e-mail of 321 characters",
      { ...USER, email: `${SECRET}@`.padEnd(321, "a") },
      "user.email is too long",
    ],
    ["a number for a first name", { ...USER, firstName: 5 }, "user.firstName must be a string"],
    ["a long first name", { ...USER, firstName: SECRET.padEnd(1025) }, "user.firstName is too long"],
    ["an object for a last name", { ...USER, lastName: { SECRET } }, "user.lastName must be a string"],
    ["a long last name", { ...USER, lastName: SECRET.padEnd(1025) }, "user.lastName is too long"],
    ["a list for a name", { ...USER, name: [SECRET] }, "user.name must be a string"],
    ["a long name", { ...USER, name: SECRET.padEnd(1025) }, "user.name is too long"],
    ["a list for metadata", { ...USER, metadata: [] }, "user.metadata must be an object"],
    ["a string for metadata", { ...USER, metadata: SECRET }, "user.metadata must be an object"],
    [
      "a number in metadata",
      { ...USER, metadata: { [SECRET]: 5 } },
      "user.metadata has a value that is not a string",
    ],
    [
      "null in metadata",
      { ...USER, metadata: { [SECRET]: null } },
      "user.metadata has a value that is not a string",
    ],
    [
      "an object in metadata",
      { ...USER, metadata: { [SECRET]: { SECRET } } },
      "user.metadata has a value that is not a string",
    ],
    [
      "a value of 601 characters in metadata",
      { ...USER, metadata: { [SECRET]: SECRET.padEnd(601) } },
      "user.metadata has a value that is too long",
    ],
    ["an empty key in metadata", { ...USER, metadata: { "": SECRET } }, "user.metadata has an empty key"],
    [
      "a key of 41 characters in metadata",
      { ...USER, metadata: { [SECRET.padEnd(41)]: "" } },
      "user.metadata has a key that is too long",
    ],
    ["51 entries in metadata", { ...USER, metadata: entries(51) }, "user.metadata has too many entries"],
  ])("is named by its path and not by its value: %s", async (_, user, reason) => {
    const { login, calls } = createAuthkit();
    const error = await caught(() => login.complete("id_1", { user: user as User }));
    expect({ code: error.code, reason: error.reason }).toEqual({ code: "invalid_user", reason });
    expect(everythingSaidBy(error)).not.toContain(SECRET);
    expect(calls).toEqual([]);
  });
});

describe("a user as odd as AuthKit allows", () => {
  it.each<[what: string, user: User]>([
    ["an id of 128 characters", { ...USER, id: "a".repeat(128) }],
    ["an id of all kinds of characters", { ...USER, id: " auth0|5 {\"'\\}~" }],
    ["an e-mail of 320 characters", { ...USER, email: "a@".padEnd(320, "b") }],
    ["an e-mail in another script", { ...USER, email: "用户@例え.jp" }],
    ["an e-mail without a dot", { ...USER, email: "ada@localhost" }],
    ["names in any script", { ...USER, firstName: "Zoë", lastName: "O’Neill-李", name: "Zoë 👩‍💻 李" }],
    ["a name of 1024 characters", { ...USER, name: "a".repeat(1024) }],
    ["an empty name", { ...USER, name: "" }],
    ["50 entries in metadata", { ...USER, metadata: entries(50) }],
    ["the longest entry in metadata", { ...USER, metadata: { ["k".repeat(40)]: "v".repeat(600) } }],
    ["empty metadata", { ...USER, metadata: {} }],
  ])("is sent: %s", async (_, user) => {
    const { login, calls } = createAuthkit();
    await login.complete("id_1", { user });
    const { firstName, lastName, ...rest } = user;
    const names = firstName === undefined ? {} : { first_name: firstName, last_name: lastName };
    expect(calls).toMatchObject([{ body: { user: { ...names, ...rest } } }]);
  });
});
