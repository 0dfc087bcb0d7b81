import { describe, expect, it, vi } from "vitest";
import { ADA, createAuthkit } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { request } from "./support/requests.js";

const LOGIN_URI = "https://app.example.com/auth/login";

describe("the external_auth_id of the Login URI", () => {
  it.each([
    ["no query", "", "missing"],
    ["an empty query", "?", "missing"],
    ["another parameter", "?id=a", "missing"],
    ["another case", "?External_Auth_Id=a", "missing"],
    ["an array's name", "?external_auth_id[]=a", "missing"],
    ["only in the fragment", "#external_auth_id=a", "missing"],
    ["a question mark inside the fragment", "?x=1#?external_auth_id=a", "missing"],
    ["no value", "?external_auth_id", "empty"],
    ["an empty value", "?external_auth_id=", "empty"],
    ["two values", "?external_auth_id=a&external_auth_id=b", "repeated"],
    ["the same value twice", "?external_auth_id=a&external_auth_id=a", "repeated"],
    ["an empty second value", "?external_auth_id=a&external_auth_id=", "repeated"],
    ["a second value with an encoded name", "?external_auth_id=a&external%5Fauth%5Fid=b", "repeated"],
    ["513 characters", `?external_auth_id=${"a".repeat(513)}`, "too_long"],
    ["14,000 characters", `?external_auth_id=${"a".repeat(14_000)}`, "too_long"],
    ["NUL", "?external_auth_id=a%00b", "malformed"],
    ["only NUL", "?external_auth_id=%00", "malformed"],
    ["a byte that is not UTF-8", "?external_auth_id=%ff", "malformed"],
    ["a line feed", "?external_auth_id=a%0Ab", "malformed"],
    ["CRLF", "?external_auth_id=a%0D%0ASet-Cookie:x", "malformed"],
    ["DEL", "?external_auth_id=a%7F", "malformed"],
    ["a space", "?external_auth_id=a%20b", "malformed"],
    ["a plus, which is a space", "?external_auth_id=a+b", "malformed"],
    ["only a space", "?external_auth_id=%20", "malformed"],
    ["a letter outside of ASCII", "?external_auth_id=%C3%A9", "malformed"],
  ])("is refused with %s, and the application is not asked", async (_, query, reason) => {
    for (const url of [LOGIN_URI + query, `/auth/login${query}`]) {
      const { login, calls } = createAuthkit();
      const authenticate = vi.fn(() => ADA);
      const outcome = await login.handle(request(url), authenticate, {
        signInUrl: "/",
        fallbackUrl: "/home",
      });
      // Not the fallback page: the request itself is at fault.
      expect(outcome).toMatchObject({ type: "failure", error: { code: "invalid_external_auth_id", reason } });
      expect(authenticate).not.toHaveBeenCalled();
      expect(calls).toEqual([]);
    }
  });

  it.each([
    ["a ULID", "01J3X4Y5Z6A7B8C9D0E1F2G3H4", "01J3X4Y5Z6A7B8C9D0E1F2G3H4"],
    ["a prefix", "ext_auth_01HXYZ", "ext_auth_01HXYZ"],
    ["one character", "a", "a"],
    ["512 characters", "a".repeat(512), "a".repeat(512)],
    ["characters that a URL encodes, decoded once", "a%26b%3Dc%2525", "a&b=c%25"],
  ])("is opaque: %s goes to the application and to AuthKit as it is", async (_, encoded, id) => {
    for (const base of [LOGIN_URI, "/auth/login"]) {
      const { login, calls } = createAuthkit();
      const authenticate = vi.fn(() => ADA);
      const url = `${base}?other=1&external_auth_id=${encoded}&last#fragment`;
      await login.handle(request(url), authenticate, { signInUrl: "/" });
      expect(authenticate).toHaveBeenCalledWith(expect.objectContaining({ externalAuthId: id }));
      expect(calls).toMatchObject([{ body: { external_auth_id: id } }]);
    }
  });

  it("is not repeated in the error", async () => {
    const { login } = createAuthkit();
    for (const id of ["s3cr3t%00", `s3cr3t${"a".repeat(600)}`, "s3cr3t&external_auth_id=s3cr3t"]) {
      const url = `${LOGIN_URI}?external_auth_id=${id}`;
      const outcome = await login.handle(request(url), () => ADA, { signInUrl: "/" });
      expect(outcome.type).toBe("failure");
      expect(everythingSaidBy(outcome)).not.toContain("s3cr3t");
    }
  });
});

describe("an external_auth_id given to complete", () => {
  it.each([
    ["", "empty"],
    ["a".repeat(513), "too_long"],
    ["a b", "malformed"],
    ["a\r\nb", "malformed"],
    [undefined, "malformed"],
    [null, "malformed"],
    [5, "malformed"],
    [["a"], "malformed"],
  ])("is checked as well: %j", async (id, reason) => {
    const { login, calls } = createAuthkit();
    const error = await caught(() => login.complete(id as string, ADA));
    expect(error).toMatchObject({ code: "invalid_external_auth_id", reason });
    expect(calls).toEqual([]);
  });
});
