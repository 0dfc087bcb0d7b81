import { describe, expect, it } from "vitest";
import { createSessions, createSite, type Product, type User } from "../src/index.js";

const ada: User = { id: "usr_ada", email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" };
const product: Product = {
  checkPassword: async (email, password) => (email === ada.email && password === "right" ? ada : null),
  findUser: async (id) => (id === ada.id ? ada : null),
  workspacesOf: async () => [],
  close: async () => {},
};
const sessions = createSessions("a-secret-of-more-than-32-characters");
const site = createSite(product, sessions);
const own = new Headers({ "sec-fetch-site": "same-origin" });
const foreign = new Headers({ "sec-fetch-site": "cross-site" });

describe("the site", () => {
  it("signs in, goes on to the page asked for, and knows the user from then on", async () => {
    const form = { email: ada.email, password: "right", return_to: "/login?external_auth_id=1" };
    const { status, headers } = await site.signIn(own, form);
    expect(status).toBe(303);
    expect(headers.location).toBe("/login?external_auth_id=1");
    const next = new Headers({ cookie: headers["set-cookie"]?.split(";", 1)[0] ?? "" });
    expect(await site.currentUser(next)).toEqual(ada);
    expect((await site.home(next)).body).toContain("Ada Lovelace");
  });

  it("shows the form again, without a session, after a failed attempt", async () => {
    const reply = await site.signIn(own, { email: ada.email, password: "wrong-one", return_to: "/notes" });
    expect(reply.status).toBe(422);
    expect(reply.headers).not.toHaveProperty("set-cookie");
    expect(reply.body).toContain('value="ada@example.com"');
    expect(reply.body).toContain('value="/notes"');
    expect(reply.body).not.toContain("wrong-one");
  });

  it("never leads to another site", async () => {
    const form = { email: ada.email, password: "right", return_to: "//evil.example" };
    expect((await site.signIn(own, form)).headers.location).toBe("/");
    expect(site.signInForm("https://evil.example").body).not.toContain("evil");
  });

  it.each([{}, { email: [ada.email], password: {} }, { email: 1, password: null }])(
    "takes %o as a failed attempt",
    async (form) => {
      expect((await site.signIn(own, form)).status).toBe(422);
    },
  );

  it("refuses forms from other sites", async () => {
    const signIn = await site.signIn(foreign, { email: ada.email, password: "right" });
    expect([signIn.status, site.signOut(foreign).status]).toEqual([403, 403]);
    expect(signIn.headers).not.toHaveProperty("set-cookie");
  });

  it("signs out", () => {
    const { status, headers } = site.signOut(own);
    expect([status, headers.location]).toEqual([303, "/"]);
    expect(headers["set-cookie"]).toContain("Max-Age=0");
  });

  it("knows nobody without a session, or whose account is gone", async () => {
    const gone = new Headers({ cookie: (await sessions.issue("usr_gone")).split(";", 1)[0] ?? "" });
    expect(await site.currentUser(new Headers())).toBeNull();
    expect(await site.currentUser(gone)).toBeNull();
    expect((await site.home(gone)).body).toContain("/sign-in");
  });
});
