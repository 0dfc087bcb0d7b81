import { ConnectError, type Connection, type Connections } from "@connect/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSessions, createSite, type Product, type User } from "../src/index.js";

const ada: User = { id: "usr_ada", email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" };
const product: Product = {
  checkPassword: async (email, password) => (email === ada.email && password === "right" ? ada : null),
  findUser: async (id) => (id === ada.id ? ada : null),
  workspacesOf: async () => [],
  close: async () => {},
};
const sessions = createSessions("a-secret-of-more-than-32-characters");
const reports: Connection = {
  applicationId: "conn_app_reports",
  name: "Acme Reports",
  scopes: ["openid", "notes:read"],
  resource: "http://localhost:3000/mcp",
};
const calls: unknown[][] = [];
const connections: Connections = {
  list: async (...call) => {
    calls.push(["list", ...call]);
    return [reports];
  },
  remove: async (...call) => void calls.push(["remove", ...call]),
};
const site = createSite(product, sessions, connections);
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

describe("connected apps", () => {
  let signedIn: Headers;
  beforeEach(async () => {
    calls.length = 0;
    const cookie = (await sessions.issue(ada.id)).split(";", 1)[0] ?? "";
    signedIn = new Headers({ cookie, "sec-fetch-site": "same-origin" });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("are the signed-in user's, with what each may do", async () => {
    const { status, body } = await site.connectedApps(signedIn);
    expect(status).toBe(200);
    expect(calls).toEqual([["list", "usr_ada"]]);
    for (const text of ["Acme Reports", "Know who you are", "notes:read", "http://localhost:3000/mcp"]) {
      expect(body).toContain(text);
    }
    expect((await site.home(signedIn)).body).toContain('href="/connected-apps"');
  });

  it("are disconnected by the signed-in user's id, whoever else the form names", async () => {
    const form = { application_id: "conn_app_reports", user_id: "usr_grace" };
    const { status, headers } = await site.disconnect(signedIn, form);
    expect([status, headers.location]).toEqual([303, "/connected-apps"]);
    expect(calls).toEqual([["remove", "usr_ada", "conn_app_reports"]]);
  });

  it.each([{}, { application_id: "" }, { application_id: ["conn_app_reports"] }])(
    "do not change by a form with %o",
    async (form) => {
      expect((await site.disconnect(signedIn, form)).status).toBe(303);
      expect(calls).toEqual([]);
    },
  );

  it("are not shown or disconnected without a session; the way there leads back", async () => {
    for (const reply of [
      await site.connectedApps(new Headers()),
      await site.disconnect(own, { application_id: "conn_app_reports" }),
    ]) {
      expect([reply.status, reply.headers.location]).toEqual([303, "/sign-in?return_to=%2Fconnected-apps"]);
    }
    expect(calls).toEqual([]);
  });

  it("are not disconnected by another site's form", async () => {
    signedIn.set("sec-fetch-site", "cross-site");
    const reply = await site.disconnect(signedIn, { application_id: "conn_app_reports" });
    expect(reply.status).toBe(403);
    expect(calls).toEqual([]);
  });

  it("say so while AuthKit can't be reached", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const fail = () => Promise.reject(new ConnectError("authkit_unavailable", { reason: "network" }));
    const cutOff = createSite(product, sessions, { list: fail, remove: fail });
    for (const reply of [
      await cutOff.connectedApps(signedIn),
      await cutOff.disconnect(signedIn, { application_id: "conn_app_reports" }),
    ]) {
      expect(reply.status).toBe(503);
      expect(reply.body).toContain('role="alert"');
    }
    expect(log.mock.calls).toEqual([
      ["connected apps: authkit_unavailable"],
      ["connected apps: authkit_unavailable"],
    ]);
  });

  it("do not take another fault for AuthKit's", async () => {
    const fail = () => Promise.reject(new TypeError("a mistake"));
    const broken = createSite(product, sessions, { list: fail, remove: fail });
    await expect(broken.connectedApps(signedIn)).rejects.toThrow("a mistake");
  });
});
