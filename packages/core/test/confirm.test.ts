import { parse } from "node-html-parser";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type AtomicStore,
  type Completion,
  type Confirm,
  type Login,
  type LoginOptions,
  type LoginOutcome,
  memoryStore,
  toReply,
} from "../src/index.js";
import { createSeal } from "../src/login/seal.js";
import { ADA, API_KEY, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { asked, click, LOGIN_URI, post } from "./support/handoff.js";
import { request } from "./support/requests.js";
import { tampered } from "./support/tampered.js";
import { skipPauses } from "./support/time.js";

const START = 1_800_000_000_000;
const GRACE: Completion = { user: { id: "user_2", email: "grace@example.com" } };
const RETURN_TO = "/auth/login?external_auth_id=a";
const OPTIONS = { signInUrl: "/sign-in", confirm: true } as const satisfies LoginOptions;

const COMPLETED = { type: "redirect", to: "authkit", location: REDIRECT_URI };
const ASKED_AGAIN = { type: "redirect", to: "login-uri", location: RETURN_TO };

beforeEach(() => {
  vi.setSystemTime(START);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Opens the Login URI. */
const open = (login: Login, who: Completion | null = ADA, options: LoginOptions = OPTIONS, url = LOGIN_URI) =>
  login.handle(request(url), () => who, options);

const answer = (
  login: Login,
  posted: Parameters<Login["handle"]>[0],
  who: Completion | null = ADA,
  options: LoginOptions = OPTIONS,
) => login.handle(posted, () => who, options);

/** The form that the login shows to Ada. */
const formOf = async (login: Login) => asked(await open(login)).form;

function pageOf(outcome: LoginOutcome) {
  const { body } = toReply(outcome);
  return parse(body ?? "");
}

describe("a user who is signed in", () => {
  it("is asked first, told who they are, and nothing is completed", async () => {
    const { login, calls } = createAuthkit();
    const outcome = await open(login, { user: { ...ADA.user, name: "Ada Lovelace" } });
    expect(outcome).toEqual({
      type: "confirmation",
      user: { name: "Ada Lovelace", email: "ada@example.com" },
      form: { action: RETURN_TO, proof: expect.any(String) },
      html: undefined,
    });
    expect(calls).toEqual([]);
  });

  it.each<[name: string | undefined, user: object]>([
    [undefined, {}],
    ["Ada", { firstName: "Ada" }],
    ["Lovelace", { lastName: "Lovelace" }],
    ["Ada Lovelace", { firstName: "Ada", lastName: "Lovelace" }],
    ["Countess", { firstName: "Ada", lastName: "Lovelace", name: "Countess" }],
    ["Ada", { firstName: "Ada", lastName: null, name: null }],
  ])("is called %s", async (name, user) => {
    const { login } = createAuthkit();
    const outcome = asked(await open(login, { user: { ...ADA.user, ...user } }));
    expect(outcome.user.name).toBe(name);
    expect(pageOf(outcome).querySelector("strong")?.text).toBe(name);
  });

  it("goes on to AuthKit with Continue", async () => {
    const { login, calls } = createAuthkit();
    const outcome = await answer(login, click("continue", await formOf(login)));
    expect(outcome).toEqual(COMPLETED);
    expect(calls).toMatchObject([{ body: { external_auth_id: "a", user: ADA.user } }]);
  });

  it("has five minutes to answer, and is asked again afterwards", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    vi.setSystemTime(START + 300_000);
    expect(await answer(login, click("continue", form))).toEqual(ASKED_AGAIN);
    expect(calls).toEqual([]);
    vi.setSystemTime(START + 299_999);
    expect(await answer(login, click("continue", form))).toEqual(COMPLETED);
  });

  it("is not asked where AuthKit would not take who they are", async () => {
    const { login } = createAuthkit();
    const confirm = vi.fn(() => true);
    const nobody = { user: { id: "", email: "ada@example.com" } };
    const outcome = await open(login, nobody, { ...OPTIONS, confirm });
    expect(outcome).toMatchObject({ type: "failure", error: { code: "invalid_user" } });
    expect(confirm).not.toHaveBeenCalled();
  });

  it("is told of a failure after Continue, as without a question", async () => {
    const { login } = createAuthkit(() => Response.json({ code: "email_not_available" }, { status: 400 }));
    const options = { ...OPTIONS, fallbackUrl: "/home", onError: vi.fn() };
    const outcome = await answer(login, click("continue", await formOf(login)), ADA, options);
    expect(outcome).toMatchObject({
      to: "fallback",
      location: "/home",
      error: { code: "email_not_available" },
    });
    expect(options.onError).toHaveBeenCalledTimes(1);
  });

  it("goes where the application says, also after Continue", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    const detour = await login.handle(click("continue", form), () => ({ redirectTo: "/2fa" }), OPTIONS);
    expect(detour).toEqual({ type: "redirect", to: "detour", location: "/2fa" });
    const signIn = await answer(login, click("continue", form), null);
    expect(signIn).toMatchObject({
      to: "sign-in",
      location: `/sign-in?return_to=${encodeURIComponent(RETURN_TO)}`,
    });
    expect(calls).toEqual([]);
  });
});

describe("a user who is not signed in", () => {
  it("is not asked, but signs in first", async () => {
    const { login } = createAuthkit();
    expect(await open(login, null)).toMatchObject({ to: "sign-in" });
    expect(await login.handle(request(LOGIN_URI), () => ({ redirectTo: "/2fa" }), OPTIONS)).toMatchObject({
      to: "detour",
    });
  });
});

describe("Continue", () => {
  it("clicked twice goes on twice and completes once", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    const both = [answer(login, click("continue", form)), answer(login, click("continue", form))];
    expect(await Promise.all(both)).toEqual([COMPLETED, COMPLETED]);
    const looks = skipPauses(50);
    expect(await answer(login, click("continue", form))).toEqual(COMPLETED);
    expect(looks).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it("clicked twice is answered twice with what AuthKit said, also where it refused", async () => {
    const { login, calls } = createAuthkit(() => Response.json({}, { status: 422 }));
    const form = await formOf(login);
    const both = [answer(login, click("continue", form)), answer(login, click("continue", form))];
    const refused = { type: "failure", error: { code: "invalid_user" } };
    expect(await Promise.all(both)).toMatchObject([refused, refused]);
    expect(calls).toHaveLength(1);
  });

  it("clicked twice may reach two processes", async () => {
    const store = memoryStore();
    const [one, other] = [createAuthkit(undefined, { store }), createAuthkit(undefined, { store })];
    const form = await formOf(one.login);
    const both = [answer(one.login, click("continue", form)), answer(other.login, click("continue", form))];
    expect(await Promise.all(both)).toEqual([COMPLETED, COMPLETED]);
    expect([...one.calls, ...other.calls]).toHaveLength(1);
  });

  it("clicked twice may reach a second process before the first has said that it completes", async () => {
    const inner = memoryStore();
    let proofUsed: () => void = () => {};
    let looked: () => void = () => {};
    const isUsed = new Promise<void>((resolve) => {
      proofUsed = resolve;
    });
    const hasLooked = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const slow: AtomicStore = {
      ...inner,
      async setIfAbsent(key, value, ttl) {
        if (key.startsWith("connect:login:")) await hasLooked;
        else proofUsed();
        return inner.setIfAbsent(key, value, ttl);
      },
    };
    const looking: AtomicStore = {
      ...inner,
      get(key) {
        const value = inner.get(key);
        looked();
        return value;
      },
    };
    const one = createAuthkit(undefined, { store: slow });
    const other = createAuthkit(undefined, { store: looking });
    const form = await formOf(one.login);
    const first = answer(one.login, click("continue", form));
    await isUsed;
    expect(await answer(other.login, click("continue", form))).toEqual(COMPLETED);
    expect(await first).toEqual(COMPLETED);
    expect([...one.calls, ...other.calls]).toHaveLength(1);
  });

  it("clicked late, again, asks again: one page is good for one login", async () => {
    const looks = skipPauses(50);
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    await answer(login, click("continue", form));
    vi.setSystemTime(START + 10_000);
    expect(await answer(login, click("continue", form))).toEqual(ASKED_AGAIN);
    expect(calls).toHaveLength(1);
    // Nobody is at it, which is known after a fifth of a second.
    expect(looks).toHaveLength(4);
  });

  it("clicked again after a failure asks again", async () => {
    skipPauses(50);
    let status = 422;
    const { login, calls } = createAuthkit(() => Response.json({ redirect_uri: REDIRECT_URI }, { status }));
    const form = await formOf(login);
    expect(await answer(login, click("continue", form))).toMatchObject({ error: { code: "invalid_user" } });
    status = 200;
    expect(await answer(login, click("continue", form))).toEqual(ASKED_AGAIN);
    expect(calls).toHaveLength(1);
    expect(await answer(login, click("continue", await formOf(login)))).toEqual(COMPLETED);
  });

  it("can be used on the second of two pages, whatever became of the first", async () => {
    const { login } = createAuthkit();
    const [first, second] = [await formOf(login), await formOf(login)];
    expect(first.proof).not.toBe(second.proof);
    expect(await answer(login, click("continue", second))).toEqual(COMPLETED);
  });
});

describe("another user in the same browser, between question and answer,", () => {
  it("is asked anew, and nothing is completed in their name or the first one's", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    expect(await answer(login, click("continue", form), GRACE)).toEqual(ASKED_AGAIN);
    const again = asked(await open(login, GRACE));
    expect(again.user.email).toBe("grace@example.com");
    expect(calls).toEqual([]);
    expect(await answer(login, click("continue", again.form), GRACE)).toEqual(COMPLETED);
    expect(calls).toMatchObject([{ body: { user: GRACE.user } }]);
  });
});

describe("a proof", () => {
  it.each<[what: string, proofOf: (form: { proof: string }) => string | Promise<string>]>([
    ["is missing", () => ""],
    ["is made up", () => "proof"],
    ["was changed at its end", ({ proof }) => tampered(proof)],
    [
      "was changed in its middle",
      ({ proof }) => proof.replace(/\.\.(.)/, (_, c) => `..${c === "A" ? "B" : "A"}`),
    ],
    ["is too long", ({ proof }) => proof + "A".repeat(8_192)],
    [
      "is of another application",
      async () => (await formOf(createAuthkit(undefined, { apiKey: "sk_other" }).login)).proof,
    ],
    [
      "is of another login",
      async () => {
        const { login } = createAuthkit();
        return asked(await open(login, ADA, OPTIONS, LOGIN_URI.replace("=a", "=b"))).form.proof;
      },
    ],
    ["is of another user", async () => asked(await open(createAuthkit().login, GRACE)).form.proof],
  ])("that %s proves nothing: the user is asked again", async (_, proofOf) => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    const proof = await proofOf(form);
    expect(await answer(login, click("continue", { ...form, proof }))).toEqual(ASKED_AGAIN);
    expect(calls).toEqual([]);
  });

  it.each([
    ["confirmation", COMPLETED],
    ["memo", ASKED_AGAIN],
    ["resume", ASKED_AGAIN],
  ])(
    "counts where it was sealed for that, whatever else the API key seals: %s",
    async (purpose, expected) => {
      const { login } = createAuthkit();
      const seal = createSeal([API_KEY], purpose);
      const proof = await seal.close({ id: "a", userId: "user_1", jti: "1" }, 60);
      expect(await answer(login, post({ answer: "continue", proof }))).toEqual(expected);
    },
  );

  it("that is none asks again, also where the login was completed just now", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    await answer(login, click("continue", form));
    expect(await answer(login, click("continue", { ...form, proof: "" }))).toEqual(ASKED_AGAIN);
    expect(calls).toHaveLength(1);
  });

  it("is good in every process with the same API key", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(createAuthkit().login);
    expect(await answer(login, click("continue", form))).toEqual(COMPLETED);
    expect(calls).toHaveLength(1);
  });

  it("tells neither the login nor the user", async () => {
    const { login } = createAuthkit();
    const url = LOGIN_URI.replace("=a", "=ext_auth_1");
    const { proof } = asked(await open(login, ADA, OPTIONS, url)).form;
    const said = [
      proof,
      ...proof.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1")),
    ];
    expect(said.join()).not.toMatch(/ext_auth_1|user_1|ada@example/);
  });

  it("that is missing altogether is one that is none", async () => {
    const { login } = createAuthkit();
    expect(await answer(login, post({ answer: "continue" }))).toEqual(ASKED_AGAIN);
  });
});

describe("a form that this site's own page did not send", () => {
  const refused: ReadonlyArray<[what: string, headers: Record<string, string | undefined>]> = [
    ...["cross-site", "same-site", "none", ""].map((site): [string, Record<string, string>] => [
      `sec-fetch-site: ${site}`,
      { "sec-fetch-site": site },
    ]),
    ...[
      "https://evil.example",
      "https://app.example.com.evil.example",
      "https://app.example.com:8443",
      "https://example.com",
      "null",
      "app.example.com",
      "",
      undefined,
    ].map((origin): [string, Record<string, string | undefined>] => [
      `an old browser's origin: ${origin}`,
      { "sec-fetch-site": undefined, origin },
    ]),
    ["an old browser's origin and no host", { "sec-fetch-site": undefined, host: undefined }],
  ];

  it.each(refused)("is refused before anybody is asked: %s", async (_, headers) => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    const authenticate = vi.fn(() => ADA);
    const onError = vi.fn();
    for (const said of ["continue", "switch", "deny"] as const) {
      const outcome = await login.handle(click(said, form, headers), authenticate, { ...OPTIONS, onError });
      expect(outcome).toMatchObject({
        type: "failure",
        error: { code: "method_not_allowed", reason: "origin" },
      });
    }
    expect(onError).toHaveBeenCalledTimes(3);
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });

  it.each([
    ["an old browser", { "sec-fetch-site": undefined }],
    [
      "an old browser, on a port",
      { "sec-fetch-site": undefined, host: "localhost:3000", origin: "http://localhost:3000" },
    ],
    ["a browser that says no origin", { origin: "null" }],
  ])("is not one of %s", async (_, headers) => {
    const { login } = createAuthkit();
    expect(await answer(login, click("continue", await formOf(login), headers))).toEqual(COMPLETED);
  });

  it.each([
    ["sec-purpose", "prefetch", "prefetch"],
    ["sec-fetch-dest", "iframe", "embedded"],
  ])("is refused where nobody looks at it: %s: %s", async (name, value, reason) => {
    const { login, calls } = createAuthkit();
    const outcome = await answer(login, click("continue", await formOf(login), { [name]: value }));
    expect(outcome).toMatchObject({ error: { code: "method_not_allowed", reason } });
    expect(calls).toEqual([]);
  });
});

describe("a POST", () => {
  it("is not allowed where nobody is asked", async () => {
    const { login, calls } = createAuthkit();
    const form = await formOf(login);
    const authenticate = vi.fn(() => ADA);
    const outcome = await login.handle(click("continue", form), authenticate, { signInUrl: "/sign-in" });
    expect(outcome).toMatchObject({
      type: "failure",
      error: { code: "method_not_allowed", reason: "method" },
    });
    expect(toReply(outcome as LoginOutcome)).toMatchObject({ status: 405, headers: { allow: "GET" } });
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });

  it.each(["HEAD", "PUT", "DELETE", "post"])("is the only other method: not %s", async (method) => {
    const { login } = createAuthkit();
    const posted = { ...click("continue", await formOf(login)), method };
    const outcome = await answer(login, posted);
    expect(outcome).toMatchObject({ error: { code: "method_not_allowed", reason: "method" } });
    expect(toReply(outcome as LoginOutcome).headers).toMatchObject({ allow: "GET, POST" });
  });

  it("needs its login as a GET does", async () => {
    const { login } = createAuthkit();
    const { proof } = await formOf(login);
    const outcome = await answer(login, post({ answer: "continue", proof }, { url: "/auth/login" }));
    expect(outcome).toMatchObject({ error: { code: "invalid_external_auth_id", reason: "missing" } });
  });
});

describe("Use another account", () => {
  const RETURN = encodeURIComponent(RETURN_TO);

  it.each<[options: Partial<LoginOptions>, location: string]>([
    [{ signOutUrl: "/sign-out" }, `/sign-out?return_to=${RETURN}`],
    [{ signOutUrl: "/sign-out?all=1#now" }, `/sign-out?all=1&return_to=${RETURN}#now`],
    [{ signOutUrl: "https://id.example.com/out" }, `https://id.example.com/out?return_to=${RETURN}`],
    [{ signOutUrl: (returnTo) => `/out?then=${encodeURIComponent(returnTo)}` }, `/out?then=${RETURN}`],
    [{}, `/sign-in?return_to=${RETURN}`],
    [{ signInUrl: (returnTo) => `/in?next=${encodeURIComponent(returnTo)}` }, `/in?next=${RETURN}`],
  ])("leads to the sign-out page or else the sign-in page, and back: %o", async (options, location) => {
    const { login, calls } = createAuthkit();
    const authenticate = vi.fn(() => ADA);
    const form = await formOf(login);
    const outcome = await login.handle(click("switch", form), authenticate, { ...OPTIONS, ...options });
    expect(outcome).toEqual({ type: "redirect", to: "sign-out", location });
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });

  it("lets the next user be asked, and complete the login", async () => {
    const { login, calls } = createAuthkit();
    await answer(login, click("switch", await formOf(login)));
    const { form } = asked(await open(login, GRACE));
    expect(await answer(login, click("continue", form), GRACE)).toEqual(COMPLETED);
    expect(calls).toMatchObject([{ body: { user: GRACE.user } }]);
  });

  it("leads nowhere where the function's answer is no place", async () => {
    const { login } = createAuthkit();
    const onError = vi.fn();
    const signOutUrl = () => "//evil.example/s3cr3t";
    const outcome = await answer(login, click("switch", await formOf(login)), ADA, {
      ...OPTIONS,
      signOutUrl,
      onError,
    });
    expect(outcome).toMatchObject({
      type: "failure",
      error: { code: "invalid_config", reason: "signOutUrl: must be a path or an https URL" },
    });
    expect(everythingSaidBy(outcome)).not.toContain("s3cr3t");
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("lets through what the function throws", async () => {
    const { login } = createAuthkit();
    const thrown = new Error("no such page");
    const signOutUrl = () => {
      throw thrown;
    };
    const form = await formOf(login);
    await expect(answer(login, click("switch", form), ADA, { ...OPTIONS, signOutUrl })).rejects.toBe(thrown);
  });
});

describe("I did not start this", () => {
  it.each<[fallbackUrl: string | undefined, expected: object]>([
    ["/home", { type: "redirect", to: "fallback", location: "/home" }],
    [undefined, { type: "failure" }],
  ])("completes nothing, and is told to the application: fallback %s", async (fallbackUrl, expected) => {
    const { login, calls } = createAuthkit();
    const authenticate = vi.fn(() => ADA);
    const onError = vi.fn();
    const options = { ...OPTIONS, fallbackUrl, onError };
    const outcome = await login.handle(click("deny", await formOf(login)), authenticate, options);
    expect(outcome).toMatchObject({ ...expected, error: { code: "access_denied", retryable: false } });
    expect(onError.mock.calls).toMatchObject([[{ code: "access_denied" }]]);
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });
});

describe("the application's own word on asking", () => {
  it.each<[what: string, confirm: Confirm]>([
    ["true", () => true],
    ["true, later", async () => true],
  ])("may be %s: the SDK's page asks", async (_, confirm) => {
    const { login, calls } = createAuthkit();
    const outcome = asked(await open(login, ADA, { ...OPTIONS, confirm }));
    expect(outcome.html).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it.each<[what: string, confirm: Confirm]>([
    ["false", () => false],
    ["false, later", async () => false],
  ])("may be %s: the user goes straight on", async (_, confirm) => {
    const { login } = createAuthkit();
    expect(await open(login, ADA, { ...OPTIONS, confirm })).toEqual(COMPLETED);
  });

  it.each<[what: string, toConfirm: (html: string) => Confirm]>([
    ["a page", (html) => () => html],
    ["a page, later", (html) => async () => html],
    ["an empty page", () => () => ""],
  ])("may be %s: it is shown as it is", async (what, toConfirm) => {
    const { login } = createAuthkit();
    const html = what === "an empty page" ? "" : "<!doctype html><title>Well?</title>";
    const outcome = asked(await open(login, ADA, { ...OPTIONS, confirm: toConfirm(html) }));
    expect(outcome.html).toBe(html);
    expect(toReply(outcome)).toMatchObject({ status: 200, body: html });
  });

  it("is asked for with the user and the form to send, whose proof then counts", async () => {
    const { login } = createAuthkit();
    const confirm = vi.fn<Exclude<Confirm, true>>(() => "<!doctype html>");
    const user = { ...ADA.user, metadata: { plan: "pro" } };
    const options = { ...OPTIONS, confirm };
    const outcome = asked(await open(login, { user }, options));
    expect(confirm.mock.calls).toEqual([[user, outcome.form]]);
    expect(outcome.form.action).toBe(RETURN_TO);
    expect(await answer(login, click("continue", outcome.form), ADA, options)).toEqual(COMPLETED);
    // Not for the answer: the user was asked.
    expect(confirm).toHaveBeenCalledTimes(1);
  });

  it("reaches the framework with what it throws", async () => {
    const { login } = createAuthkit();
    const thrown = new Error("no template");
    const onError = vi.fn();
    for (const confirm of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      await expect(open(login, ADA, { ...OPTIONS, confirm, onError })).rejects.toBe(thrown);
    }
    expect(onError).not.toHaveBeenCalled();
  });

  it.each([false, null, "yes", 1, {}])("is a function or true, and not %j", async (confirm) => {
    const { login } = createAuthkit();
    const options = { ...OPTIONS, confirm } as unknown as LoginOptions;
    const error = await caught(() => open(login, ADA, options));
    expect(error).toMatchObject({ code: "invalid_config", reason: "confirm: must be a function" });
  });

  it.each(["sign-out", "//evil.example", "http://plain.example", "javascript:alert(1)"])(
    "has a sign-out page that is a place: not %s",
    async (signOutUrl) => {
      const { login } = createAuthkit();
      const error = await caught(() => open(login, ADA, { ...OPTIONS, signOutUrl }));
      expect(error).toMatchObject({
        code: "invalid_config",
        reason: "signOutUrl: must be a path, an https URL, or a function",
      });
    },
  );
});

describe("the page that asks", () => {
  it("says who is signed in, and has three answers", async () => {
    const { login } = createAuthkit();
    const outcome = asked(await open(login, { user: { ...ADA.user, name: "Ada Lovelace" } }));
    const page = pageOf(outcome);
    expect(page.querySelector("main")?.structuredText).toContain(
      "You are signed in here as\nAda Lovelace\nada@example.com",
    );
    const form = page.querySelector("form");
    expect(form?.getAttribute("method")).toBe("post");
    expect(form?.getAttribute("action")).toBe(RETURN_TO);
    expect(
      form?.querySelectorAll("button").map((button) => [button.getAttribute("value"), button.text]),
    ).toEqual([
      ["continue", "Continue"],
      ["switch", "Not you? Use another account"],
      ["deny", "I did not start this"],
    ]);
    expect(page.querySelectorAll("button").every((button) => button.getAttribute("name") === "answer")).toBe(
      true,
    );
    expect(form?.querySelector("input")?.attributes).toEqual({
      type: "hidden",
      name: "proof",
      value: outcome.form.proof,
    });
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</p></main></html><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--",
    "\u202eevil",
  ])("shows names and addresses as text: %s", async (text) => {
    const { login } = createAuthkit();
    const email = `"${text.replace(/\s/g, "")}"@example.com`;
    const outcome = asked(await open(login, { user: { id: "user_1", email, name: text } }));
    const page = pageOf(outcome);
    const plain = pageOf(asked(await open(login)));
    expect(page.querySelector("strong")?.text).toBe(text);
    expect(page.querySelectorAll("p")[1]?.text).toBe(`${text}\n${email}`);
    // The elements are those of any user with a name.
    const tags = (root: typeof page) =>
      root
        .querySelectorAll("*")
        .map(({ rawTagName }) => rawTagName)
        .filter((tag) => tag !== "strong" && tag !== "br");
    expect(tags(page)).toEqual(tags(plain));
  });

  it("keeps an odd id within its address", async () => {
    const { login } = createAuthkit();
    const id = `"><script>&'`;
    const url = `https://app.example.com/auth/login?external_auth_id=${encodeURIComponent(id)}`;
    const outcome = asked(await open(login, ADA, OPTIONS, url));
    const page = pageOf(outcome);
    expect(page.querySelector("script")).toBeNull();
    const action = page.querySelector("form")?.getAttribute("action");
    expect(action).toBe(outcome.form.action);
    expect(new URL(action ?? "", url).searchParams.get("external_auth_id")).toBe(id);
  });
});
