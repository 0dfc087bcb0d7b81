import { describe, expect, it } from "vitest";
import { joinHeader } from "../src/index.js";

describe("a header out of Node's raw list", () => {
  it("has the values of all its lines, in their order and whatever the case", () => {
    const raw = ["Authorization", "Bearer a", "Host", "x", "AUTHORIZATION", "", "authorization", "Bearer b"];
    expect(joinHeader(raw, "authorization")).toBe("Bearer a, , Bearer b");
    expect(joinHeader(raw, "host")).toBe("x");
  });

  it("is empty where it has no value, and null where it is not there", () => {
    expect(joinHeader(["Authorization", ""], "authorization")).toBe("");
    expect(joinHeader([], "authorization")).toBeNull();
    expect(joinHeader(["Authorisation", "a", "Cookie", "b"], "authorization")).toBeNull();
  });

  it("is not found among the values", () => {
    expect(joinHeader(["Host", "origin", "Cookie", "a"], "origin")).toBeNull();
  });
});
