import { describe, expect, it, vi } from "vitest";
import type { ScriptedAuthKit } from "./authkit.js";
import type { Differences } from "./differences.js";
import type { Answer, SentHeaders } from "./send.js";

/** What a case has at hand: the served application, AuthKit's stand-in, and a login of its own. */
export interface HandoffCase {
  readonly authkit: ScriptedAuthKit;
  readonly externalAuthId: string;
  readonly url: string;
  readonly differences: Differences;
  get(path: string, headers?: SentHeaders): Promise<Answer>;
  send(path: string, headers: SentHeaders, method: string, body?: string): Promise<Answer>;
}

/** The handoff's defences, as a browser meets them. */
export function describeHandoff(app: HandoffCase): void {
  const ada = { cookie: "session=ada" };
  const bob = { cookie: "session=bob" };
  const pathOf = (route: string) => `/auth/${route}?external_auth_id=${app.externalAuthId}`;
  const goesOn = (answer: Answer) =>
    answer.status === 303 && String(answer.headers.location).startsWith(`${app.authkit.url}/`);

  describe("one login asked for twice", () => {
    it("is completed once, and both requests go on", async () => {
      const answers = await Promise.all(Array.from({ length: 4 }, () => app.get(pathOf("login"), ada)));
      expect(answers.map(goesOn)).toEqual([true, true, true, true]);
      expect(app.authkit.completions).toHaveLength(1);
    });

    it("goes on as well where the second request comes a moment later", async () => {
      const first = await app.get(pathOf("login"), ada);
      const second = await app.get(pathOf("login"), ada);
      expect(second.headers.location).toBe(first.headers.location);
      expect(app.authkit.completions).toHaveLength(1);
    });

    it("is completed for a browser that left while AuthKit was asked, and comes back", async () => {
      const { arrived, resume } = app.authkit.pauseOnce();
      const leaving = new AbortController();
      const left = fetch(app.url + pathOf("login"), {
        headers: ada,
        redirect: "manual",
        signal: leaving.signal,
      });
      await arrived;
      leaving.abort();
      await expect(left).rejects.toThrow();
      const back = app.get(pathOf("login"), ada);
      resume();
      expect(goesOn(await back)).toBe(true);
      expect(app.authkit.completions).toHaveLength(1);
    });

    it("waits for no other request's authenticate, which may never settle", async () => {
      const leaving = new AbortController();
      const silent = fetch(app.url + pathOf("login"), {
        headers: { cookie: "session=silent" },
        redirect: "manual",
        signal: leaving.signal,
      }).catch(() => "left");
      await vi.waitFor(() => expect(app.authkit.seen).toEqual(["authenticate"]));
      expect(goesOn(await app.get(pathOf("login"), ada))).toBe(true);
      leaving.abort();
      await silent;
      expect(app.authkit.completions).toHaveLength(1);
    });

    it("is not another user's", async () => {
      await app.get(pathOf("login"), ada);
      const answer = await app.get(pathOf("login"), bob);
      expect(answer.headers.location).toBe("/");
      expect(app.authkit.completions).toHaveLength(1);
      expect(app.authkit.seen.at(-1)).toBe("error external_auth_session_already_completed");
    });
  });

  describe("a completion call that fails", () => {
    it("is made again where AuthKit says to come again, and the login goes on", async () => {
      app.authkit.failOnce({ status: 503, headers: { "retry-after": "0" } });
      expect(goesOn(await app.get(pathOf("login"), ada))).toBe(true);
      expect(app.authkit.completions).toHaveLength(2);
      expect(app.authkit.completions[1]).toEqual(app.authkit.completions[0]);
    });

    it.each(["hang up" as const, { status: 500 }, { status: 502 }, { status: 504 }])(
      "leaves a user who is told to start again, where it may have done its work: %j",
      async (how) => {
        app.authkit.failOnce(how);
        const answer = await app.get(pathOf("login"), ada);
        expect(answer.status).toBe(502);
        expectHandoffHeaders(answer);
        expect(answer.body).toContain("start again");
        expect(app.authkit.completions).toHaveLength(1);
        expect(app.authkit.seen).toEqual(["authenticate", "error completion_outcome_unknown"]);
        // Reloading saves the login where AuthKit did not act, and is told apart where it did.
        app.authkit.answer(400, { code: "external_auth_session_already_completed", message: "x" });
        expect((await app.get(pathOf("login"), ada)).status).toBe(502);
        app.authkit.reset();
        expect(goesOn(await app.get(pathOf("login"), ada))).toBe(true);
      },
    );
  });

  describe("the confirmation page", () => {
    const sameSite = { origin: "", "sec-fetch-site": "same-origin", "sec-fetch-dest": "document" };
    const post = (page: Answer, answer: string, headers: SentHeaders) => {
      const { action, proof } = readPage(page);
      return app.send(
        action,
        {
          "content-type": "application/x-www-form-urlencoded",
          ...sameSite,
          origin: app.url,
          ...headers,
        },
        "POST",
        new URLSearchParams({ proof, answer }).toString(),
      );
    };

    it("asks a user who is signed in, and Continue completes the login", async () => {
      const page = await app.get(pathOf("confirm"), ada);
      expect(page.status).toBe(200);
      expectHandoffHeaders(page);
      expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(page.body).toContain("Ada Lovelace");
      expect(page.body).toContain("ada@example.com");
      expect(page.body).not.toMatch(/<script/i);
      expect(app.authkit.completions).toEqual([]);

      const answer = await post(page, "continue", ada);
      expect(goesOn(answer)).toBe(true);
      expectHandoffHeaders(answer);
      expect(app.authkit.completions).toMatchObject([{ body: { external_auth_id: app.externalAuthId } }]);
    });

    it("takes Continue twice for once", async () => {
      const page = await app.get(pathOf("confirm"), ada);
      const answers = await Promise.all([post(page, "continue", ada), post(page, "continue", ada)]);
      expect(answers.map(goesOn)).toEqual([true, true]);
      expect(app.authkit.completions).toHaveLength(1);
    });

    it("shows what the application says of the user as text", async () => {
      const page = await app.get(pathOf("confirm"), bob);
      expect(page.body).not.toContain("<b>");
      expect(page.body).toContain("&#60;b&#62;&#34;Bob&#34; &#38; &#39;co&#39;");
    });

    it("lets somebody else sign in", async () => {
      const answer = await post(await app.get(pathOf("confirm"), ada), "switch", ada);
      expect(answer.status).toBe(303);
      const { pathname, searchParams } = new URL(String(answer.headers.location), app.url);
      expect([pathname, searchParams.get("return_to")]).toEqual(["/sign-out", pathOf("confirm")]);
      expect(app.authkit.completions).toEqual([]);
    });

    it("shares nothing with a login that the user did not start", async () => {
      const answer = await post(await app.get(pathOf("confirm"), ada), "deny", ada);
      expect(answer.headers.location).toBe("/");
      expect(app.authkit.completions).toEqual([]);
      expect(app.authkit.seen.at(-1)).toBe("error access_denied");
    });

    it("asks again where somebody else signed in since", async () => {
      const answer = await post(await app.get(pathOf("confirm"), ada), "continue", bob);
      expect([answer.status, answer.headers.location]).toEqual([303, pathOf("confirm")]);
      expect(app.authkit.completions).toEqual([]);
      const signedOut = await post(await app.get(pathOf("confirm"), ada), "continue", {});
      expect(signedOut.headers.location).toMatch("/sign-in?return_to=");
    });

    it.each<[string, (page: Answer) => Answer]>([
      ["was tampered with", (page) => ({ ...page, body: page.body.replace(/value="ey/, 'value="ez') })],
      ["is missing", (page) => ({ ...page, body: page.body.replace(/value="ey[^"]+"/, 'value=""') })],
      [
        "is another login's",
        (page) => ({ ...page, body: page.body.replace(app.externalAuthId, "ext_auth_other") }),
      ],
    ])("asks again where the proof %s", async (_, change) => {
      const answer = await post(change(await app.get(pathOf("confirm"), ada)), "continue", ada);
      expect(answer.status).toBe(303);
      expect(answer.headers.location).toMatch(/^\/auth\/confirm\?external_auth_id=/);
      expect(app.authkit.completions).toEqual([]);
    });

    it("is told by its origin where the browser says no more", async () => {
      const { action, proof } = readPage(await app.get(pathOf("confirm"), ada));
      const type = "application/x-www-form-urlencoded";
      const body = new URLSearchParams({ proof, answer: "continue" }).toString();
      const headers = { ...ada, "content-type": type, origin: app.url };
      expect(goesOn(await app.send(action, headers, "POST", body))).toBe(true);
    });
  });

  describe("a login that waits in a cookie", () => {
    it("is found again on a way back that has lost its query, or kept it", async () => {
      const signIn = await app.get(pathOf("resume"));
      const { cookie, line } = readCookie(signIn);
      expect(line).toMatch(
        /^__Host-connect-login\.[0-9a-f]{32}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      expect(line).not.toContain(app.externalAuthId);
      const wayBack = new URL(String(signIn.headers.location), app.url).searchParams.get("return_to") ?? "";
      expect(wayBack).toMatch(/^\/auth\/resume\?resume=[0-9a-f]{32}$/);
      expectHandoffHeaders(signIn);

      const completed = await app.get("/auth/resume", { cookie: `session=ada; ${cookie}` });
      expect(goesOn(completed)).toBe(true);
      expect(app.authkit.completions).toMatchObject([{ body: { external_auth_id: app.externalAuthId } }]);
      expect(readCookie(completed).line).toMatch(/=; Max-Age=0; Path=\/;/);
      const withQuery = await app.get(wayBack, { cookie: `${cookie}; session=ada` });
      expect(withQuery.headers.location).toBe(completed.headers.location);
    });

    it("does not mix with another tab's", async () => {
      const other = `${app.externalAuthId}_b`;
      const [first, second] = [
        await app.get(pathOf("resume")),
        await app.get(`/auth/resume?external_auth_id=${other}`),
      ];
      const cookie = ["session=ada", readCookie(first).cookie, readCookie(second).cookie].join("; ");
      // Nobody can tell which of the two it is.
      const unclear = await app.get("/auth/resume", { cookie });
      expect(unclear.status).toBe(400);
      expect(unclear.body).toContain("start again");
      expect(app.authkit.completions).toEqual([]);
      const wayBack = new URL(String(second.headers.location), app.url).searchParams.get("return_to") ?? "";
      expect(goesOn(await app.get(wayBack, { cookie }))).toBe(true);
      expect(app.authkit.completions).toMatchObject([{ body: { external_auth_id: other } }]);
    });
  });

  describe("a login that landed elsewhere", () => {
    it("finds its way to the Login URI", async () => {
      const answer = await app.get(`/stray?x=1&external_auth_id=${app.externalAuthId}`, ada);
      const location = new URL(String(answer.headers.location), app.url);
      expect([answer.status, location.href]).toEqual([303, app.url + pathOf("login")]);
      expectHandoffHeaders(answer);
      expect(app.authkit.seen).toEqual([]);
    });

    it.each(["/stray", "/stray?external_auth_id=", "/stray?external_auth_id=a&external_auth_id=b"])(
      "is not seen where there is none: %s",
      async (path) => {
        expect((await app.get(path, ada)).status).toBe(404);
      },
    );
  });
}

/** Every answer of the handoff is one person's, once. */
function expectHandoffHeaders(answer: Answer): void {
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.headers["referrer-policy"]).toBe("no-referrer");
  expect(answer.headers["x-robots-tag"]).toBe("noindex");
  if (answer.status !== 303) {
    expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  }
}

/** What the form of a confirmation page sends, and where. */
function readPage({ body }: Answer): { readonly action: string; readonly proof: string } {
  const decode = (text = "") => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return {
    action: decode(/<form method="post" action="([^"]+)"/.exec(body)?.[1]),
    proof: decode(/name="proof" value="([^"]*)"/.exec(body)?.[1]),
  };
}

function readCookie({ headers }: Answer): { readonly cookie: string; readonly line: string } {
  const [line = ""] = headers["set-cookie"] ?? [];
  return { line, cookie: line.split(";", 1)[0] ?? "" };
}
