import { describe, expect, it } from "vitest";
import { hasBody, viewHeaders } from "../src/index.js";

const view = (rawHeaders: readonly string[], headers: Record<string, string | string[]> = {}) =>
  viewHeaders({ rawHeaders, headers });

describe("a header of a request of Node's", () => {
  it("has the values of all its lines, in their order and whatever the case", () => {
    const raw = ["Authorization", "Bearer a", "Host", "x", "AUTHORIZATION", "", "authorization", "Bearer b"];
    const headers = view(raw, { authorization: "Bearer a", host: "x" });
    expect(headers.get("authorization")).toBe("Bearer a, , Bearer b");
    expect(headers.get("host")).toBe("x");
  });

  it("is empty where it has no value, and null where it is not there", () => {
    expect(view(["Authorization", ""]).get("authorization")).toBe("");
    expect(view([]).get("authorization")).toBeNull();
    expect(view(["Authorisation", "a", "Cookie", "b"]).get("authorization")).toBeNull();
  });

  it("is not found among the values", () => {
    expect(view(["Host", "origin", "Cookie", "a"]).get("origin")).toBeNull();
  });

  it("is what was set in this process, where no line of it came", () => {
    const headers = view(["Host", "x"], { host: "x", "x-user": "ada", cookie: ["a=1", "b=2"] });
    expect([headers.get("x-user"), headers.get("cookie")]).toEqual(["ada", "a=1,b=2"]);
  });
});

it.each([
  [{}, false],
  [{ "content-length": "0" }, false],
  [{ "content-length": "2" }, true],
  [{ "transfer-encoding": "chunked" }, true],
])("a request with the headers %o has a body: %s", (headers, expected) => {
  expect(hasBody({ headers })).toBe(expected);
});
