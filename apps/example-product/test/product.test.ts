import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openProduct, type Product } from "../src/index.js";
import { hashPassword, verifyPassword } from "../src/password.js";

// The real functions, watched.
vi.mock("../src/password.js", { spy: true });

let product: Product;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product?.close());

const ada = { id: "usr_ada", email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" };

describe("password hashes", () => {
  it("match their own password only", async () => {
    const hash = await hashPassword("correct horse");
    expect(await verifyPassword("correct horse", hash)).toBe(true);
    expect(await verifyPassword("Correct horse", hash)).toBe(false);
    expect(await verifyPassword("", hash)).toBe(false);
  });

  it("are salted, and hold no password", async () => {
    const [one, other] = await Promise.all([hashPassword("same"), hashPassword("same")]);
    expect(one).not.toBe(other);
    expect(one).not.toContain("same");
  });

  it.each(["", ".", "salt", "salt."])("a broken hash (%j) matches nothing", async (hash) => {
    expect(await verifyPassword("", hash)).toBe(false);
  });
});

describe("the product", () => {
  it("finds a user by e-mail and password, and says nothing of the hash", async () => {
    expect(await product.checkPassword("ada@example.com", "ada-password")).toEqual(ada);
    expect(await product.checkPassword(" Ada@Example.COM ", "ada-password")).toEqual(ada);
  });

  it.each([
    ["ada@example.com", "grace-password"],
    ["ada@example.com", ""],
    ["nobody@example.com", "ada-password"],
    ["' OR true --", "ada-password"],
    ["ada@example.com\0", "ada-password"],
    ["", ""],
  ])("refuses %j with %j", async (email, password) => {
    expect(await product.checkPassword(email, password)).toBeNull();
  });

  it("spends the same work on an unknown e-mail as on a wrong password", async () => {
    vi.mocked(verifyPassword).mockClear();
    await product.checkPassword("nobody@example.com", "wrong");
    const [password, hash] = vi.mocked(verifyPassword).mock.lastCall ?? [];
    expect(password).toBe("wrong");
    expect(hash).toHaveLength((await hashPassword("any")).length);
  });

  it("finds users by id", async () => {
    expect(await product.findUser("usr_ada")).toEqual(ada);
    expect(await product.findUser("usr_nobody")).toBeNull();
  });

  it("knows each user's workspaces, in order", async () => {
    expect(await product.workspacesOf("usr_ada")).toEqual([
      { id: "prod_us", name: "US-East", environment: "Production" },
      { id: "prod_eu", name: "EU-West", environment: "Production" },
      { id: "staging_us", name: "US-East", environment: "Staging" },
    ]);
    expect(await product.workspacesOf("usr_grace")).toHaveLength(1);
    expect(await product.workspacesOf("usr_linus")).toEqual([]);
    expect(await product.workspacesOf("usr_nobody")).toEqual([]);
  });

  it("answers many at once", async () => {
    const ids = Array.from({ length: 50 }, (_, index) => (index % 2 ? "usr_ada" : "usr_grace"));
    const users = await Promise.all(ids.map((id) => product.findUser(id)));
    expect(users.map((user) => user?.id)).toEqual(ids);
  });
});
