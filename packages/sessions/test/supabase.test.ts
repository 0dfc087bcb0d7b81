import createExpress, { type ErrorRequestHandler } from "express";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { authkit } from "../examples/login.js";
import { route } from "../examples/supabase/route.js";
import { completed, toSignIn, toVerifyEmail, visitLogin } from "./support/outcome.js";
import { browse, cookiesOf, serve } from "./support/serve.js";
import { ada, failure, letExpire, sessionCookie, supabase } from "./support/supabase.js";

const refuse: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.sendStatus(500);
};
const application = await serve(createExpress().get("/auth/login", route).use(refuse));

afterEach(() => {
  delete failure.status;
});
afterAll(() => {
  application.close();
  supabase.close();
});

const visitAs = (cookie?: string) => visitLogin(browse(application.url, cookie));
const whoAdaIs = completed({ id: ada.id, email: ada.email, name: "Ada Lovelace" });
const verified = [{ id: "factor_1", factor_type: "totp", status: "verified" }];

describe("with Supabase", () => {
  it("a user who is signed in goes on to AuthKit with id, e-mail address and name", async () => {
    expect(await visitAs(await sessionCookie(ada))).toEqual(whoAdaIs);
  });

  it("a user without a name, or with one that is no text, goes on without", async () => {
    const cookie = await sessionCookie({ ...ada, user_metadata: { full_name: { first: "Ada" } } });
    expect(await visitAs(cookie)).toEqual(completed({ id: ada.id, email: ada.email }));
  });

  it("nobody is signed in without a session, or with one that the server ended", async () => {
    expect(await visitAs()).toEqual(toSignIn);
    expect(await visitAs(await sessionCookie(ada, { isKnown: false }))).toEqual(toSignIn);
  });

  it("a session whose access token is over is renewed, and the browser gets the new one", async () => {
    const cookie = letExpire(await sessionCookie(ada));
    const response = await browse(application.url, cookie)(authkit.beginLogin().url("/auth/login"));
    expect(response.headers.get("location")).toContain(authkit.issuer);
    expect(authkit.completions.at(-1)?.user.id).toBe(ada.id);
    expect(await visitAs(cookiesOf(response))).toEqual(whoAdaIs);
    expect(await visitAs(cookie)).toEqual(toSignIn); // its refresh token was spent
  });

  it("nobody is signed in where the session can't be renewed, and a refusal to serve is an error then, too", async () => {
    expect(await visitAs(letExpire(await sessionCookie(ada), { isRenewable: false }))).toEqual(toSignIn);
    const cookie = letExpire(await sessionCookie(ada));
    failure.status = 429; // 5xx would be one, too, after the half minute for which Supabase's client tries
    const response = await browse(application.url, cookie)(authkit.beginLogin().url("/auth/login"));
    expect(response.status).toBe(500);
  });

  it("who a user is comes from Supabase's server, not from the cookie", async () => {
    const eve = { ...ada, id: "f6a2", email: "eve@example.com" };
    expect(await visitAs(await sessionCookie(ada, { inCookie: eve }))).toEqual(whoAdaIs);
  });

  it.each([
    ["is not confirmed", { email_confirmed_at: undefined }],
    ["is missing", { email: "", phone: "15550100" }],
  ])("a user whose e-mail address %s is sent to see to it", async (_, change) => {
    expect(await visitAs(await sessionCookie({ ...ada, ...change }))).toEqual(toVerifyEmail);
  });

  it.each([
    ["an anonymous user", { is_anonymous: true }],
    ["a banned user", { banned_until: "2999-01-01T00:00:00Z" }],
    ["a user who owes the second factor", { factors: verified }],
  ])("%s is not signed in", async (_, change) => {
    expect(await visitAs(await sessionCookie({ ...ada, ...change }))).toEqual(toSignIn);
  });

  it("a factor that the cookie leaves out is owed all the same", async () => {
    const cookie = await sessionCookie({ ...ada, factors: verified }, { inCookie: ada });
    expect(await visitAs(cookie)).toEqual(toSignIn);
  });

  it.each([
    ["used the second factor", { factors: verified }, "aal2"],
    ["began to set up a second factor", { factors: [{ ...verified[0], status: "unverified" }] }, "aal1"],
    ["was banned until lately", { banned_until: "2020-01-01T00:00:00Z" }, "aal1"],
  ])("a user who %s is signed in", async (_, change, aal) => {
    expect(await visitAs(await sessionCookie({ ...ada, ...change }, { aal }))).toEqual(whoAdaIs);
  });

  it.each([503, 429, 0])(
    "an outage of Supabase (%i) is the application's error, and nobody's sign-in",
    async (status) => {
      const cookie = await sessionCookie(ada);
      failure.status = status;
      const response = await browse(application.url, cookie)(authkit.beginLogin().url("/auth/login"));
      expect(response.status).toBe(500);
    },
  );
});
