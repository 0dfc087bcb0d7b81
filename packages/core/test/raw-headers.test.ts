import { describe, expect, it } from "vitest";
import { type NodeBody, readParsedBody, viewHeaders } from "../src/index.js";

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

it("the host of an HTTP/2 request is its authority", () => {
  const raw = [":authority", "app.example.com", ":path", "/"];
  expect(view(raw).get("host")).toBe("app.example.com");
  expect(view([...raw, "Host", "x"]).get("host")).toBe("x");
  expect(view(["Cookie", "a"]).get("host")).toBeNull();
});

describe("a body that a parser left behind", () => {
  const call = { method: "tools/call" };

  it.each([
    ["as JSON", call],
    ["as text", JSON.stringify(call)],
  ])("is read %s", (_, body) => {
    const request = { headers: { "content-length": "2" }, readableEnded: true };
    expect(readParsedBody(request, body)).toEqual(call);
  });

  it.each<[string, NodeBody]>([
    ["a length", { headers: { "content-length": "2" }, readableEnded: false }],
    ["chunks", { headers: { "transfer-encoding": "chunked" }, readableEnded: false }],
    ["frames", { headers: {}, readableEnded: false, stream: { endAfterHeaders: false } }],
  ])("is refused where it came with %s, and nobody has read it", (_, request) => {
    for (const body of [undefined, {}]) {
      expect(() => readParsedBody(request, body)).toThrow(expect.objectContaining({ status: 415 }));
    }
  });

  it.each<[string, NodeBody]>([
    ["no header for it", { headers: {}, readableEnded: false }],
    ["a length of nothing", { headers: { "content-length": "0" }, readableEnded: false }],
    ["no frames", { headers: {}, readableEnded: false, stream: { endAfterHeaders: true } }],
    ["chunks that were read", { headers: { "transfer-encoding": "chunked" }, readableEnded: true }],
  ])("is none where there is %s", (_, request) => {
    expect(readParsedBody(request, undefined)).toBeUndefined();
  });
});
