import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Authentication,
  createLoginRoute,
  type HandoffCookie,
  type LoginOptions,
  type LoginOutcome,
  type RequestView,
  toReply,
} from "../src/index.js";
import { createSeal } from "../src/login/seal.js";
import { ADA, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught } from "./support/errors.js";
import { asked, click } from "./support/handoff.js";
import { tampered } from "./support/tampered.js";
import { skipPauses } from "./support/time.js";

const START = 1_800_000_000_000;
const SECRET = "a secret of thirty-two characters";
const OTHER_SECRET = "some other secret, just as long as that";
const PREFIX = "__Host-connect-login.";
const OPTIONS: LoginOptions = { signInUrl: "/sign-in", resume: { secret: SECRET } };

beforeEach(() => {
  vi.setSystemTime(START);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A browser: it keeps cookies as the answers say, and sends them along. */
function createBrowser(options: LoginOptions = OPTIONS, answer?: () => Response) {
  const { login, calls } = createAuthkit(answer);
  const jar = new Map<string, string>();

  /** Opens a path of the site. */
  async function visit(
    url: string,
    who: Authentication = null,
    init: Partial<RequestView> & { body?: unknown } = {},
    its: LoginOptions = options,
  ): Promise<LoginOutcome> {
    const headers = new Headers(init.headers as Headers | undefined);
    if (jar.size > 0) headers.set("cookie", cookieHeader(jar));
    const outcome = await login.handle({ method: "GET", url, ...init, headers }, () => who, its);
    for (const { name, value, maxAge } of outcome.cookies ?? []) {
      if (maxAge === 0) jar.delete(name);
      else jar.set(name, value);
    }
    return outcome;
  }

  return { jar, calls, visit };
}

const cookieHeader = (jar: ReadonlyMap<string, string>, separator = "; ") =>
  Array.from(jar, ([name, value]) => `${name}=${value}`).join(separator);

const uri = (id: string) => `/auth/login?external_auth_id=${id}`;

/** The way back that a sign-in page was given. */
function returnTo(outcome: LoginOutcome): string {
  if (outcome.type !== "redirect") throw new Error("not a redirect");
  return new URL(outcome.location, "https://app.example.com").searchParams.get("return_to") ?? "";
}

const completedIds = (calls: ReturnType<typeof createBrowser>["calls"]) =>
  calls.map(({ body }) => (body as { external_auth_id: string }).external_auth_id);

const COMPLETED = { type: "redirect", to: "authkit", location: REDIRECT_URI };

const fails = (reason: string) => ({
  type: "failure",
  error: { code: "invalid_external_auth_id", reason },
});

describe("a login whose user has to sign in", () => {
  it("is parked, and goes on with the way back", async () => {
    const { visit, calls, jar } = createBrowser();
    const parked = await visit(uri("a"));
    expect(parked).toMatchObject({ to: "sign-in" });
    expect(returnTo(parked)).toMatch(/^\/auth\/login\?resume=[0-9a-f]{32}$/);
    expect(await visit(returnTo(parked), ADA)).toMatchObject(COMPLETED);
    expect(completedIds(calls)).toEqual(["a"]);
    expect(jar.size).toBe(0);
  });

  it("goes on where the way back lost its query", async () => {
    const { visit, calls } = createBrowser();
    await visit(uri("a"));
    expect(await visit("/auth/login", ADA)).toMatchObject(COMPLETED);
    expect(completedIds(calls)).toEqual(["a"]);
  });

  it("tells the application the id, and a way back without it", async () => {
    const { login } = createAuthkit();
    const authenticate = vi.fn((_context: { returnTo: string }) => null);
    const url = "/a%20b/login?external_auth_id=ext_auth_1&x=1";
    await login.handle({ method: "GET", url, headers: new Headers() }, authenticate, OPTIONS);
    expect(authenticate.mock.calls).toEqual([
      [
        {
          externalAuthId: "ext_auth_1",
          returnTo: expect.stringMatching(/^\/a%20b\/login\?resume=[0-9a-f]{32}$/),
        },
      ],
    ]);
  });

  it("is parked for a detour, too", async () => {
    const { visit, calls } = createBrowser();
    const outcome = await visit(uri("a"), { redirectTo: "/2fa" });
    expect(outcome).toMatchObject({ to: "detour", location: "/2fa", cookies: [{ maxAge: 600 }] });
    expect(await visit("/auth/login", ADA)).toMatchObject(COMPLETED);
    expect(completedIds(calls)).toEqual(["a"]);
  });

  it("is parked once, however often its user comes back without having signed in", async () => {
    const { visit, jar } = createBrowser();
    const first = await visit(uri("a"));
    const again = [await visit(returnTo(first)), await visit("/auth/login"), await visit(uri("a"))];
    for (const outcome of again) {
      expect(returnTo(outcome)).toBe(returnTo(first));
      expect(outcome).not.toHaveProperty("cookies");
    }
    expect(jar.size).toBe(1);
  });

  it("is not parked where the user is signed in already", async () => {
    const { visit } = createBrowser();
    const outcome = await visit(uri("a"), ADA);
    expect(outcome).toEqual(COMPLETED);
  });
});

describe("several logins in one browser", () => {
  it("don't mix: each way back is its own login's", async () => {
    const { visit, calls, jar } = createBrowser();
    const [a, b] = [returnTo(await visit(uri("a"))), returnTo(await visit(uri("b")))];
    expect(a).not.toBe(b);
    await visit(b, ADA);
    await visit(a, ADA);
    expect(completedIds(calls)).toEqual(["b", "a"]);
    expect(jar.size).toBe(0);
  });

  it("are too many where the request names none of them", async () => {
    const { visit, calls, jar } = createBrowser();
    const a = returnTo(await visit(uri("a")));
    await visit(uri("b"));
    expect(await visit("/auth/login", ADA)).toMatchObject(fails("ambiguous"));
    expect(calls).toEqual([]);
    // Nothing is lost by it: each can still be named.
    expect(jar.size).toBe(2);
    await visit(a, ADA);
    await visit("/auth/login", ADA);
    expect(completedIds(calls)).toEqual(["a", "b"]);
  });

  it("count less than the id that AuthKit sends", async () => {
    const { visit, calls } = createBrowser();
    const a = returnTo(await visit(uri("a")));
    await visit(`${a}&external_auth_id=b`, ADA);
    await visit(uri("c"), ADA);
    expect(completedIds(calls)).toEqual(["b", "c"]);
  });

  it("are five at most: the oldest gives way", async () => {
    const { visit, calls, jar } = createBrowser();
    const ways: string[] = [];
    for (const id of ["a", "b", "c", "d", "e"]) {
      const outcome = await visit(uri(id));
      expect(outcome.cookies).toHaveLength(1);
      ways.push(returnTo(outcome));
      vi.setSystemTime(Date.now() + 1_000);
    }
    expect(jar.size).toBe(5);
    const sixth = await visit(uri("f"));
    const [, oldest] = sixth.cookies ?? [];
    expect(sixth.cookies).toHaveLength(2);
    expect(oldest).toEqual({ name: PREFIX + ways[0]?.split("resume=")[1], value: "", maxAge: 0 });
    expect(jar.size).toBe(5);
    expect(await visit(ways[0] ?? "", ADA)).toMatchObject(fails("missing"));
    for (const way of [...ways.slice(1), returnTo(sixth)]) await visit(way, ADA);
    expect(completedIds(calls)).toEqual(["b", "c", "d", "e", "f"]);
  });

  it("are brought back to five, the oldest first, in whatever order the cookies come", async () => {
    const { visit, jar } = createBrowser();
    const values = new Map<string, string>();
    for (const id of ["a", "b", "c", "d", "e", "f", "g"]) {
      // Each parked as if it were alone.
      jar.clear();
      await visit(uri(id));
      for (const [name, value] of jar) values.set(name, value);
      vi.setSystemTime(Date.now() + 1_000);
    }
    const [a = "", b = "", c = ""] = values.keys();
    for (const [name, value] of [...values].reverse()) jar.set(name, value);
    const outcome = await visit(uri("h"));
    expect(outcome.cookies?.slice(1).map(({ name }) => name)).toEqual([a, b, c]);
    expect(jar.size).toBe(5);
  });
});

describe("the cookie of a parked login", () => {
  const parkOne = async (options = OPTIONS) => {
    const browser = createBrowser(options);
    const outcome = await browser.visit(uri("ext_auth_1"));
    const [cookie] = outcome.cookies ?? [];
    if (cookie === undefined) throw new Error("not parked");
    return { ...browser, outcome, cookie };
  };

  it("is for this host alone, out of scripts' reach, and gone in ten minutes", async () => {
    const { outcome, cookie } = await parkOne();
    expect(cookie.name).toMatch(/^__Host-connect-login\.[0-9a-f]{32}$/);
    expect(toReply(outcome).cookies).toEqual([
      `${cookie.name}=${cookie.value}; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });

  it("is taken away with the same attributes", async () => {
    const { visit, cookie } = await parkOne();
    expect(toReply(await visit("/auth/login", ADA)).cookies).toEqual([
      `${cookie.name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });

  it("tells no id", async () => {
    const { cookie } = await parkOne();
    const parts = cookie.value.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    expect([cookie.name, cookie.value, ...parts].join()).not.toContain("ext_auth_1");
    expect(cookie.value).toMatch(/^[\w.-]+$/);
  });

  it("opens for ten minutes", async () => {
    const { visit } = await parkOne();
    vi.setSystemTime(START + 600_000);
    expect(await visit("/auth/login", ADA)).toMatchObject(fails("missing"));
    vi.setSystemTime(START + 599_999);
    expect(await visit("/auth/login", ADA)).toMatchObject(COMPLETED);
  });

  it.each<[what: string, change: (cookie: HandoffCookie) => readonly [name: string, value: string]]>([
    ["was changed", ({ name, value }) => [name, tampered(value)]],
    ["was made up", ({ name }) => [name, "ext_auth_1"]],
    ["is empty", ({ name }) => [name, ""]],
    ["is too long", ({ name, value }) => [name, value + "A".repeat(8_192)]],
    ["has another's name", ({ value }) => [`${PREFIX}${"0".repeat(32)}`, value]],
    ["has a name of the application's", ({ name, value }) => [name.replace("__Host-", ""), value]],
    ["has a name within another", ({ name, value }) => [`x${name}`, value]],
  ])("counts for nothing where it %s", async (_, change) => {
    const { visit, jar, cookie, calls } = await parkOne();
    jar.clear();
    jar.set(...change(cookie));
    expect(await visit("/auth/login", ADA)).toMatchObject(fails("missing"));
    expect(calls).toEqual([]);
  });

  it("counts under its whole name alone: other hosts of the site can set a cookie without the prefix", async () => {
    const { visit, jar } = createBrowser();
    await visit(uri("a"));
    const [[name, value] = ["", ""]] = [...jar.entries()];
    jar.clear();
    jar.set(name.replace("__Host-", "--Host-"), value);
    expect(await visit("/auth/login", ADA)).toMatchObject(fails("missing"));
  });

  it("does not pass for another: swapped names open nothing", async () => {
    const { visit, jar } = createBrowser();
    const [a, b] = [returnTo(await visit(uri("a"))), returnTo(await visit(uri("b")))];
    const [[one = "", valueOfOne = ""] = [], [other = "", valueOfOther = ""] = []] = [...jar];
    jar.set(one, valueOfOther);
    jar.set(other, valueOfOne);
    for (const way of [a, b, "/auth/login"]) expect(await visit(way, ADA)).toMatchObject(fails("missing"));
  });

  it.each([
    ["resume", COMPLETED],
    ["confirmation", fails("missing")],
  ])("counts where it was sealed for that, whatever else the secret seals: %s", async (purpose, expected) => {
    const { visit, jar } = createBrowser();
    const handle = "0".repeat(32);
    jar.set(PREFIX + handle, await createSeal([SECRET], purpose).close({ handle, id: "a" }, 60));
    expect(await visit("/auth/login", ADA)).toMatchObject(expected);
  });

  it("is found among others, in one header or in several joined", async () => {
    const { jar } = await parkOne();
    for (const [before, after, separator] of [
      ["", "", "; "],
      [`session=1; empty=; =; a; ${PREFIX}; `, "; theme=dark", "; "],
      ["session=1, ", ", theme=dark", ", "],
      ["session=1;", ";theme=dark", ";"],
    ]) {
      const { login } = createAuthkit();
      const cookie = `${before}${cookieHeader(jar, separator)}${after}`;
      const view = { method: "GET", url: "/auth/login", headers: new Headers({ cookie }) };
      expect(await login.handle(view, () => ADA, OPTIONS)).toMatchObject(COMPLETED);
    }
  });

  it("is not looked for where nothing is configured", async () => {
    const { visit } = await parkOne();
    expect(await visit("/auth/login", ADA, {}, { signInUrl: "/sign-in" })).toMatchObject(fails("missing"));
    const outcome = await visit(uri("a"), null, {}, { signInUrl: "/sign-in" });
    expect(outcome).toEqual({
      type: "redirect",
      to: "sign-in",
      location: `/sign-in?return_to=${encodeURIComponent(uri("a"))}`,
    });
  });
});

describe("a way back that names no parked login", () => {
  it("fails as a request without an id does", async () => {
    const { visit } = createBrowser();
    const nobody = `/auth/login?resume=${"0".repeat(32)}`;
    expect(await visit(nobody, ADA)).toMatchObject(fails("missing"));
    // Nor does it stand for the one that is parked.
    await visit(uri("a"));
    expect(await visit(nobody, ADA)).toMatchObject(fails("missing"));
  });
});

describe("a login that is over", () => {
  it.each<[what: string, status: number, body: object]>([
    ["was completed before", 400, { code: "external_auth_session_already_completed" }],
    ["is not known any more", 404, {}],
    ["is refused", 400, { code: "email_not_available" }],
  ])("is parked no longer: AuthKit says that it %s", async (_, status, body) => {
    const options = { ...OPTIONS, fallbackUrl: "/home" };
    const { visit, jar } = createBrowser(options, () => Response.json(body, { status }));
    await visit(uri("a"));
    const outcome = await visit("/auth/login", ADA);
    expect(outcome).toMatchObject({ cookies: [{ value: "", maxAge: 0 }] });
    expect(jar.size).toBe(0);
  });

  it("takes no other with it", async () => {
    const { visit, jar } = createBrowser();
    const a = returnTo(await visit(uri("a")));
    await visit(uri("b"));
    await visit(a, ADA);
    expect([...jar.keys()]).not.toContain(PREFIX + a.split("resume=")[1]);
    expect(jar.size).toBe(1);
  });
});

describe("a login that can, or perhaps can, be tried again", () => {
  it.each([
    [429, "rate_limited"],
    [503, "authkit_unavailable"],
    [500, "completion_outcome_unknown"],
  ])("stays parked: AuthKit says %i", async (status, code) => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    skipPauses(0);
    let isDown = true;
    const { visit, calls } = createBrowser(OPTIONS, () =>
      isDown ? Response.json({}, { status }) : Response.json({ redirect_uri: REDIRECT_URI }),
    );
    await visit(uri("a"));
    const outcome = await visit("/auth/login", ADA);
    expect(outcome).toMatchObject({ type: "failure", error: { code } });
    expect(outcome).not.toHaveProperty("cookies");
    isDown = false;
    expect(await visit("/auth/login", ADA)).toMatchObject(COMPLETED);
    expect(new Set(completedIds(calls))).toEqual(new Set(["a"]));
  });

  it("stays parked where the request was at fault", async () => {
    const { visit, jar } = createBrowser();
    await visit(uri("a"));
    await visit("/auth/login?external_auth_id=", ADA);
    await visit("/auth/login", ADA, { method: "HEAD" });
    expect(jar.size).toBe(1);
  });
});

describe("the secrets", () => {
  const withSecrets = (...secrets: [string, ...string[]]): LoginOptions => ({
    ...OPTIONS,
    resume: { secret: secrets },
  });

  it("can be changed: what an old one sealed still opens, and the first one seals", async () => {
    const { visit } = createBrowser(withSecrets(SECRET));
    await visit(uri("a"));
    expect(await visit("/auth/login", ADA, {}, withSecrets(OTHER_SECRET, SECRET))).toMatchObject(COMPLETED);
    await visit(uri("b"), null, {}, withSecrets(OTHER_SECRET, SECRET));
    expect(await visit("/auth/login", ADA, {}, withSecrets(SECRET))).toMatchObject(fails("missing"));
    expect(await visit("/auth/login", ADA, {}, withSecrets(OTHER_SECRET))).toMatchObject(COMPLETED);
  });

  it("may be taken away, and with them what they sealed", async () => {
    const { visit } = createBrowser(withSecrets(SECRET));
    await visit(uri("a"));
    expect(await visit("/auth/login", ADA, {}, withSecrets(OTHER_SECRET))).toMatchObject(fails("missing"));
  });

  it("may be one or a list of one", async () => {
    const { visit } = createBrowser({ ...OPTIONS, resume: { secret: SECRET } });
    await visit(uri("a"));
    expect(await visit("/auth/login", ADA, {}, withSecrets(SECRET))).toMatchObject(COMPLETED);
  });

  it.each<[what: string, resume: unknown, why?: string]>([
    ["too short", { secret: "x".repeat(31) }],
    ["none", {}, "is empty"],
    ["empty", { secret: "" }, "is empty"],
    ["an empty list", { secret: [] }],
    ["a list with one too short", { secret: [SECRET, "x".repeat(31)] }],
    ["a list with a number", { secret: [SECRET, 5] }],
    ["a list with bytes", { secret: [SECRET, new Uint8Array(32)] }],
    ["a number", { secret: 5 }],
    ["null", { secret: null }],
    ["bytes", { secret: new Uint8Array(32) }],
  ])(
    "are refused where they are %s, when the route is made or the login is handled",
    async (_, resume, why) => {
      const { login } = createAuthkit();
      const options = { ...OPTIONS, resume } as LoginOptions;
      const reason = `resume.secret: ${why ?? "must have at least 32 characters"}`;
      const expected = { code: "invalid_config", reason };
      const authenticate = () => null;
      expect(
        await caught(() => createLoginRoute(login, { ...options, authenticate } as never)),
      ).toMatchObject(expected);
      const view = { method: "GET", url: uri("a"), headers: new Headers() };
      expect(await caught(() => login.handle(view, authenticate, options))).toMatchObject(expected);
    },
  );

  it("may have just enough characters", async () => {
    const { visit } = createBrowser({ ...OPTIONS, resume: { secret: "x".repeat(32) } });
    await visit(uri("a"));
    expect(await visit("/auth/login", ADA)).toMatchObject(COMPLETED);
  });
});

describe("a parked login whose user is asked", () => {
  const ASKING: LoginOptions = { ...OPTIONS, confirm: true, signOutUrl: "/sign-out", fallbackUrl: "/home" };

  it("is parked with the question, and the form goes to its own way back", async () => {
    const { visit, jar, calls } = createBrowser(ASKING);
    const { form, cookies } = asked(await visit(uri("a"), ADA));
    expect(form.action).toMatch(/^\/auth\/login\?resume=[0-9a-f]{32}$/);
    expect(cookies).toHaveLength(1);
    const { url, ...posted } = click("continue", form);
    expect(await visit(url, ADA, posted)).toMatchObject(COMPLETED);
    expect(completedIds(calls)).toEqual(["a"]);
    expect(jar.size).toBe(0);
  });

  it("goes through sign-in and question to its end", async () => {
    const { visit, calls } = createBrowser(ASKING);
    await visit(uri("a"));
    const page = asked(await visit("/auth/login", ADA));
    // It was parked before.
    expect(page).not.toHaveProperty("cookies");
    const { url, ...posted } = click("continue", page.form);
    expect(await visit(url, ADA, posted)).toMatchObject(COMPLETED);
    expect(completedIds(calls)).toEqual(["a"]);
  });

  it("stays parked while somebody else signs in", async () => {
    const { visit, jar, calls } = createBrowser(ASKING);
    const { form } = asked(await visit(uri("a"), ADA));
    const { url, ...posted } = click("switch", form);
    const outcome = await visit(url, ADA, posted);
    expect(outcome).toEqual({
      type: "redirect",
      to: "sign-out",
      location: `/sign-out?return_to=${encodeURIComponent(form.action)}`,
    });
    expect(jar.size).toBe(1);
    expect(asked(await visit("/auth/login", ADA)).form.action).toBe(form.action);
    expect(calls).toEqual([]);
  });

  it("is over where the user did not start it", async () => {
    const { visit, jar } = createBrowser(ASKING);
    const { form } = asked(await visit(uri("a"), ADA));
    const { url, ...posted } = click("deny", form);
    expect(await visit(url, ADA, posted)).toMatchObject({
      to: "fallback",
      error: { code: "access_denied" },
      cookies: [{ value: "", maxAge: 0 }],
    });
    expect(jar.size).toBe(0);
  });

  it("asks again under the same name where the answer proves nothing", async () => {
    const { visit, calls } = createBrowser(ASKING);
    const { form } = asked(await visit(uri("a"), ADA));
    const { url, ...posted } = click("continue", { ...form, proof: "" });
    expect(await visit(url, ADA, posted)).toEqual({
      type: "redirect",
      to: "login-uri",
      location: form.action,
    });
    expect(calls).toEqual([]);
  });

  it("is parked with the sign-out of a page that was opened with the id", async () => {
    const { visit, jar } = createBrowser(ASKING);
    const { form } = asked(await visit(uri("a"), ADA));
    jar.clear();
    for (const said of ["switch", "continue"] as const) {
      const { url: _, ...posted } = click(said, { ...form, proof: "" });
      const outcome = await visit(`https://app.example.com${uri("a")}`, ADA, posted);
      expect(outcome).toMatchObject({
        to: said === "switch" ? "sign-out" : "login-uri",
        cookies: [{ maxAge: 600 }],
      });
      jar.clear();
    }
  });
});
