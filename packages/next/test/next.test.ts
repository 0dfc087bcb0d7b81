import {
  type Answer,
  type Differences,
  describeAdapter,
  type ScriptedAuthKit,
  type SentHeaders,
  send,
  startScriptedAuthKit,
} from "@connect/adapter-contract";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executablePath, launchChromium } from "../../../apps/e2e/src/chromium.js";
import { build, buildClient, type Served, start, startStandalone } from "./support/next.js";

/** The real thing: `next build`, then its servers. All of the application's routes are in `test/app`. */
beforeAll(() => build());

const ada = { cookie: "session=ada" };

/** Where two slashes are in a row, in a whole URL in the request line too, Next redirects to what it takes for the address with one. */
const DIFFERENCES: Differences = {
  visits: {
    "another site in the request line": [308],
    "another site in the request line and as Host": [308],
  },
  strays: {
    "another site before the path": [308],
    "another site before the path, with a backslash": [308],
    "//evil.example behind the path": [308],
    "//evil.example/auth/login behind the path": [308],
    "/..//evil.example/ behind the path": [308],
    "/%2e%2e//evil.example/ behind the path": [308],
    "/\\evil.example behind the path": [308],
    "/https://evil.example/ behind the path": [308],
    "/%0d%0aLocation:%20//evil.example behind the path": [308],
    // A proxy isn't told of it. The Login URI is, and a browser's router says `Sec-Fetch-Dest` as well.
    "a router's prefetch": [303],
  },
  errors: "with the address",
};

for (const [router, host, repeatedHeaders] of [
  // Next hands route handlers Node's parsed headers, where the first of several Authorization headers is left.
  ["route handlers", "127.0.0.1", "first"],
  ["API routes", "localhost", "joined"],
] as const) {
  describeAdapter(`@connect/next, ${router} of next build and next start`, async (authkitUrl) => {
    const { port, close } = await start(authkitUrl);
    const wrongMethods = router === "route handlers" ? "framework" : "adapter";
    return { url: `http://${host}:${port}`, repeatedHeaders, wrongMethods, differences: DIFFERENCES, close };
  });
}

function describeServed(
  name: string,
  serve: (authkitUrl: string) => Promise<Served>,
  cases: (app: {
    readonly authkit: ScriptedAuthKit;
    readonly origin: string;
    get(path: string, headers?: SentHeaders): Promise<Answer>;
    post(path: string, headers: SentHeaders, form: FormData | URLSearchParams): Promise<Answer>;
  }) => void,
): void {
  describe(name, () => {
    let authkit: ScriptedAuthKit;
    let served: Served;
    beforeAll(async () => {
      authkit = await startScriptedAuthKit();
      served = await serve(authkit.url);
    });
    afterAll(async () => {
      await served?.close();
      await authkit?.close();
    });
    beforeEach(() => authkit.reset());
    const origin = () => `http://127.0.0.1:${served.port}`;
    cases({
      get authkit() {
        return authkit;
      },
      get origin() {
        return origin();
      },
      get: (path, headers) => send(origin() + path, headers),
      async post(path, headers, form) {
        // What a browser would send for this form.
        const sent = new Request(origin(), { method: "POST", body: form });
        const all = { ...Object.fromEntries(sent.headers), origin: origin(), ...headers };
        return send(origin() + path, all, "POST", await sent.text());
      },
    });
  });
}

describeServed("one application with everything, by next start", start, (app) => {
  const bearer = async (claims?: Record<string, unknown>) => ({
    authorization: `Bearer ${await app.authkit.token(claims)}`,
  });
  const shown = ({ body }: Answer) => /<output>(.*?)<\/output>/.exec(body)?.[1];

  describe.each([
    ["a Server Component", "/notes"],
    ["getServerSideProps", "/shown"],
  ])("getAccessToken in %s", (_, path) => {
    it("gives the token's subject", async () => {
      expect(shown(await app.get(path, await bearer()))).toBe("user_ada");
    });

    it.each<[string, () => Promise<SentHeaders>]>([
      ["no token", async () => ({})],
      ["a token that has expired", () => bearer({ exp: 1_700_000_000 })],
      ["a token without the scopes", () => bearer({ scope: "openid" })],
      ["what is no token", async () => ({ authorization: "Bearer x" })],
    ])("gives nobody for %s", async (_, headers) => {
      const answer = await app.get(path, await headers());
      expect([answer.status, shown(answer)]).toEqual([200, "nobody"]);
    });

    it("is asked for each request", async () => {
      expect(shown(await app.get(path, await bearer({ sub: "user_bob" })))).toBe("user_bob");
      expect(shown(await app.get(path))).toBe("nobody");
    });

    it("throws where the keys can't be had: nobody knows", async () => {
      const answer = await app.get(`${path}?keys=none`, await bearer());
      expect([answer.status, shown(answer)]).toEqual([500, undefined]);
    });
  });

  describe("getAccessToken in a Server Action", () => {
    async function act(headers: SentHeaders, keys = "all"): Promise<Answer> {
      const [, action = ""] = /name="(\$ACTION_ID_\w+)"/.exec((await app.get("/notes")).body) ?? [];
      const form = new FormData();
      form.set(action, "");
      form.set("keys", keys);
      return app.post("/notes", headers, form);
    }

    it("gives the token's subject, and nobody without one", async () => {
      const [known, unknown] = [await act(await bearer()), await act({})];
      expect(known.headers.location).toMatch(/\/acted\?as=user_ada$/);
      expect(unknown.headers.location).toMatch(/\/acted\?as=nobody$/);
    });

    it("gives nobody for a token that has expired", async () => {
      expect((await act(await bearer({ exp: 1_700_000_000 }))).headers.location).toMatch(/as=nobody$/);
    });

    it("throws where the keys can't be had", async () => {
      const answer = await act(await bearer(), "none");
      expect([answer.status, answer.headers.location]).toEqual([500, undefined]);
    });
  });

  it("a confirmation page of React's goes on with the login", async () => {
    const page = await app.get("/auth/ask?external_auth_id=ext_ask", ada);
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/^<!doctype html><html lang="en">/);
    expect(page.body).toContain("<p>You are ada@example.com.</p>");
    const [action, proof] = readForm(page);
    expect(app.authkit.completions).toEqual([]);
    const form = new URLSearchParams({ proof, answer: "continue" });
    const answer = await app.post(action, { ...ada, "sec-fetch-site": "same-origin" }, form);
    expect(answer.headers.location).toMatch(app.authkit.url);
    expect(app.authkit.completions).toHaveLength(1);
  });

  describe.skipIf(executablePath === undefined)("a sign-in page with a Server Action, in a browser", () => {
    it.each([true, false])(
      "comes back to the login and completes it once; with scripts: %s",
      async (scripts) => {
        const { authkit, origin } = app;
        const loginUri = `${origin}/auth/login?external_auth_id=ext_action_${scripts}`;
        expect(await signIn(loginUri, authkit, scripts)).toBe(
          `${authkit.url}/oauth2/authorize/complete?state=st_1`,
        );
        expect(authkit.completions).toHaveLength(1);
        // Next's server fetches the Login URI before the browser goes there: that is nobody's visit, and spends nothing.
        const refused = scripts ? ["error method_not_allowed"] : [];
        expect(authkit.seen).toEqual(["authenticate", ...refused, "authenticate"]);
      },
    );
  });

  describe("on the edge runtime", () => {
    it("sends a signed-out user to sign in, and completes the login of one who comes back", async () => {
      const wayBack = "/edge/auth?external_auth_id=ext_edge";
      const away = await app.get(wayBack);
      expect(away.headers.location).toBe(`/sign-in?return_to=${encodeURIComponent(wayBack)}`);
      expect((await app.get(wayBack, ada)).headers.location).toMatch(app.authkit.url);
      expect(app.authkit.completions).toHaveLength(1);
    });

    it("lets a good token through, and challenges the others", async () => {
      const [good, bad, none] = [
        await app.get("/edge/me", await bearer()),
        await app.get("/edge/me", await bearer({ exp: 1_700_000_000 })),
        await app.get("/edge/me"),
      ];
      expect([good.status, bad.status, none.status]).toEqual([200, 401, 401]);
      expect(bad.headers["www-authenticate"]).toMatch(/^Bearer error="invalid_token"/);
    });
  });
});

describe("with a basePath, built for the standalone server", () => {
  beforeAll(() => build("/product"));

  describeServed(
    "that server",
    (authkitUrl) => startStandalone(authkitUrl, "/product"),
    (app) => {
      it.each([
        ["route handlers", "/product/auth/login", {}],
        ["API routes", "/product/auth/login", { host: "localhost" }],
        ["the edge runtime", "/product/edge/auth", {}],
      ])("the way back has it: %s", async (router, path, host) => {
        const wayBack = `${path}?external_auth_id=ext_${router.replaceAll(" ", "_")}`;
        const away = await app.get(wayBack, host);
        expect(away.headers.location).toBe(`/sign-in?return_to=${encodeURIComponent(wayBack)}`);
        const back = await app.get(wayBack, { ...ada, ...host });
        expect(back.headers.location).toMatch(app.authkit.url);
      });

      it.each<[string, SentHeaders]>([
        ["route handlers", {}],
        ["API routes", { host: "localhost" }],
      ])("the confirmation form is posted to it, and goes on: %s", async (router, host) => {
        const path = `/product/auth/confirm?external_auth_id=ext_form_${router.replaceAll(" ", "_")}`;
        const [action, proof] = readForm(await app.get(path, { ...ada, ...host }));
        expect(action).toBe(path);
        const headers = { ...ada, ...host, "sec-fetch-site": "same-origin" };
        const answer = await app.post(action, headers, new URLSearchParams({ proof, answer: "continue" }));
        expect(answer.headers.location).toMatch(app.authkit.url);
      });

      describe.skipIf(executablePath === undefined)(
        "a sign-in page with a Server Action, in a browser",
        () => {
          it.each([true, false])(
            "comes back to the login and completes it; with scripts: %s",
            async (scripts) => {
              const { authkit, origin } = app;
              const wayBack = `/product/auth/login?external_auth_id=ext_action_${scripts}`;
              const url = `${origin}/product/sign-in?return_to=${encodeURIComponent(wayBack)}`;
              expect(await signIn(url, authkit, scripts)).toMatch(authkit.url);
              expect(authkit.completions).toHaveLength(1);
              // That the page's scripts were at work: the server's own request is theirs.
              expect(authkit.seen.includes("error method_not_allowed")).toBe(scripts);
            },
          );
        },
      );

      it("ids that landed elsewhere are taken to the Login URI", async () => {
        const answer = await app.get("/product/stray?external_auth_id=ext_stray");
        expect(answer.status).toBe(303);
        const { pathname, search } = new URL(String(answer.headers.location), "http://127.0.0.1");
        expect(pathname + search).toBe("/product/auth/login?external_auth_id=ext_stray");
      });

      it("tokens are checked", async () => {
        const good = { authorization: `Bearer ${await app.authkit.token()}` };
        const path = "/product/api/me";
        const api = { host: "localhost" };
        expect((await app.get(path, good)).status).toBe(200);
        expect((await app.get(path)).status).toBe(401);
        expect((await app.get(path, { ...good, ...api })).status).toBe(200);
        expect((await app.get(path, api)).status).toBe(401);
      });
    },
  );
});

it("a client component that imports the package fails the build with a sentence, for each of its parts", async () => {
  const output = await buildClient();
  expect(output).toContain("Client Component Browser");
  expect(output).toContain("@connect/next runs on servers only");
  for (const part of ["loginRoute", "ConfirmForm", "requireToken", "getAccessToken"])
    expect(output).toContain(`Export ${part} doesn't exist`);
});

/** Signs in in Chromium, from the Login URI or a page behind it, until AuthKit goes on; gives the address there. */
async function signIn(url: string, authkit: ScriptedAuthKit, javaScriptEnabled: boolean): Promise<string> {
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
    await page.goto(url);
    // Until React is at work, the form would be sent as without scripts.
    if (javaScriptEnabled) {
      await page.waitForFunction(() =>
        Object.keys(document.querySelector("form") ?? {}).some((key) => key.startsWith("__reactProps")),
      );
    }
    await Promise.all([page.waitForURL(`${authkit.url}/**`), page.click("button")]);
    return page.url();
  } finally {
    await browser.close();
  }
}

function readForm({ body }: Answer): [action: string, proof: string] {
  const [, action = ""] = /<form[^>]* action="([^"]*)"/.exec(body) ?? [];
  const [, proof = ""] = /name="proof" value="([^"]*)"/.exec(body) ?? [];
  return [action.replace(/&(?:amp|#38);/g, "&"), proof];
}
