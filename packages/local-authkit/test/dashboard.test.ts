import { get } from "node:http";
import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import {
  ADA,
  authorization,
  Browser,
  begin,
  complete,
  PARTNER,
  PARTNER_SECRET,
  readForm,
  start,
  tokensFor,
} from "./harness.js";

async function open(authkit: LocalAuthKit, path = "/") {
  const answer = await new Browser().request(`${authkit.url}${path}`);
  return { ...answer, page: parse(answer.text) };
}

/** Sends a form of the dashboard, as one of its buttons would. */
async function send(
  authkit: LocalAuthKit,
  fields: Record<string, string>,
  headers: Record<string, string> = { "sec-fetch-site": "same-origin" },
) {
  const { hidden } = readForm((await open(authkit)).text);
  return new Browser().request(`${authkit.url}/`, {
    method: "POST",
    body: new URLSearchParams({ ...hidden, ...fields }),
    headers,
  });
}

/** The answer's status, as a server elsewhere would be asked under another name. */
function statusFor(authkit: LocalAuthKit, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(`${authkit.url}${path}`, { headers, agent: false }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on("error", reject);
  });
}

describe("the dashboard", () => {
  it("says what it is, and that nothing happened yet", async () => {
    const authkit = await start();
    const { status, page } = await open(authkit);
    expect(status).toBe(200);
    expect(page.querySelector(".banner")?.text).toContain("This is not AuthKit");
    expect(page.querySelectorAll("#log > li")).toHaveLength(0);
    expect(page.querySelector("#no-logins")?.hasAttribute("hidden")).toBe(false);
    expect(page.text).toContain(authkit.issuer);
    expect(page.text).toContain(String(authkit.loginUri));
  });

  it("shows each login with its steps and the claims of its tokens", async () => {
    const authkit = await start();
    await tokensFor(authkit);
    const { page } = await open(authkit);
    const [login] = page.querySelectorAll("#log > li");
    expect(login?.id).toBe(authkit.logins[0]?.id);
    expect(login?.querySelector("summary")?.text).toMatch(/Acme Reports.*ada@example\.com.*Tokens issued/s);
    expect(login?.querySelectorAll("ol.steps > li")).toHaveLength(8);
    const claims = login
      ?.querySelectorAll("pre")
      .map(({ text }) => JSON.parse(text.replaceAll("&quot;", '"')));
    expect(claims).toMatchObject([{ client_id: PARTNER }, { email: ADA.email }]);
    expect(page.querySelector("#no-logins")?.hasAttribute("hidden")).toBe(true);
  });

  it("shows users, clients, faults, the clock, keys and switches", async () => {
    const authkit = await start({ users: [{ id: "1", email: "grace@example.com", name: "Grace Hopper" }] });
    authkit.fault("GET /oauth2/jwks", { delay: "2s", times: 3 });
    authkit.clock.advance("2h");
    authkit.setSwitches({ subject: "external" });
    await authkit.rotateKeys();
    const { page } = await open(authkit);
    const textOf = (heading: string) => page.querySelector(`[aria-labelledby="${heading}"]`)?.text;
    expect(textOf("users")).toMatch(/Grace Hopper.*grace@example\.com/s);
    expect(textOf("clients")).toMatch(/Local MCP Client.*public.*Acme Reports.*confidential/s);
    expect(textOf("faults")).toMatch(/GET \/oauth2\/jwks.*after 2s, 3 times/s);
    expect(textOf("clock")).toContain("7,200 s ahead");
    expect(textOf("keys")).toMatch(/dev-.*1 before it is still published/s);
    expect(textOf("switches")).toContain("1 changed");
    expect(page.querySelector("#value-subject option[selected]")?.getAttribute("value")).toBe("external");
  });

  it("writes what others named as text and nothing else", async () => {
    const name = '</summary><script>alert("x")</script>';
    const client = {
      clientId: 'client_"><script>x</script>',
      clientSecret: '"><script>y</script>',
      name,
      redirectUris: ["http://localhost/%3Cscript%3E?<script>"],
    };
    const authkit = await start({ clients: [client], users: [{ id: name, email: "x@example.com", name }] });
    const { url } = authorization(authkit, {
      client_id: client.clientId,
      redirect_uri: client.redirectUris[0],
    });
    await new Browser().request(url);
    await new Browser().request(authorization(authkit, { client_id: name, scope: name, resource: name }).url);
    const { page, text } = await open(authkit);
    expect(page.querySelectorAll("#log > li")).toHaveLength(2);
    expect(page.querySelectorAll("script")).toHaveLength(1);
    expect(text).toContain("&lt;script&gt;alert(");
    expect(text).not.toMatch(/<script>[axy]/);
  });

  it("has secrets of clients behind a reveal, and none in the log; the API key nowhere", async () => {
    const authkit = await start();
    const { body } = await tokensFor(authkit);
    const { page, text } = await open(authkit);
    expect(page.querySelector("details.secret:not([open]) code")?.text).toBe(PARTNER_SECRET);
    expect(text.split(PARTNER_SECRET)).toHaveLength(2);
    for (const secret of [authkit.apiKey, body.access_token, body.id_token, body.refresh_token]) {
      expect(text).not.toContain(String(secret));
    }
  });

  it("is not kept, framed or read by pages of other sites, and takes nothing from elsewhere", async () => {
    const authkit = await start();
    const { headers, text } = await open(authkit);
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    expect(headers.get("access-control-allow-origin")).toBeNull();
    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it.each([
    ["another name, which the issuer may have", { host: "authkit.example.com" }],
    ["a proxy or tunnel that asks for somebody", { "x-forwarded-for": "203.0.113.7" }],
    ["a proxy or tunnel that says so by the standard", { forwarded: "for=203.0.113.7" }],
  ])("is not there under %s", async (_, headers) => {
    const authkit = await start({ issuer: "https://authkit.example.com" });
    expect(await statusFor(authkit, "/", {})).toBe(200);
    expect(await statusFor(authkit, "/", headers)).toBe(404);
    expect(await statusFor(authkit, "/_local/events", headers)).toBe(404);
    expect(await statusFor(authkit, "/oauth2/jwks", headers)).toBe(200);
  });

  it("is out of the reach of faults, which are cleared there", async () => {
    const authkit = await start();
    authkit.fault("* /", { status: 503, times: 9 });
    expect((await open(authkit)).status).toBe(200);
    expect((await send(authkit, { action: "clear_faults" })).status).toBe(303);
    expect(authkit.faults).toEqual([]);
  });
});

describe("the forms of the dashboard", () => {
  it("add a fault", async () => {
    const authkit = await start();
    const fields = { action: "fault", target: "POST /oauth2/token", status: "429", delay: "", times: "2" };
    const answer = await send(authkit, { ...fields, effect: "status" });
    expect([answer.status, answer.location]).toEqual([303, `${authkit.url}/`]);
    await send(authkit, { ...fields, effect: "reset_after", delay: "1s" });
    await send(authkit, { ...fields, effect: "reset_before" });
    await send(authkit, { ...fields, effect: "truncate" });
    await send(authkit, { ...fields, effect: "delay", delay: "1s" });
    const target = "POST /oauth2/token";
    expect(authkit.faults).toEqual([
      { target, status: 429, times: 2 },
      { target, reset: "after", delay: "1s", times: 2 },
      { target, reset: "before", times: 2 },
      { target, truncate: true, times: 2 },
      { target, delay: "1s", times: 2 },
    ]);
  });

  it("advance the clock, rotate keys, end sessions", async () => {
    const authkit = await start();
    await tokensFor(authkit);
    await send(authkit, { action: "advance", by: "90s" });
    expect(authkit.clock.aheadBy).toBe(90_000);
    await send(authkit, { action: "rotate_keys" });
    expect((await (await fetch(`${authkit.url}/oauth2/jwks`)).json()).keys).toHaveLength(2);
    const sessions = async () =>
      (await open(authkit)).page.querySelector('[aria-labelledby="sessions"]')?.text;
    await send(authkit, { action: "end_sessions", user: "somebody else" });
    expect(await sessions()).toContain("1 browser has");
    await send(authkit, { action: "end_sessions", user: "" });
    expect(await sessions()).toContain("0 browsers have");
  });

  it("set switches, and all of them to their defaults", async () => {
    const authkit = await start();
    await send(authkit, {
      action: "switches",
      "switch:subject": "external",
      "switch:browserBinding": "naive",
    });
    expect(authkit.switches).toMatchObject({
      subject: "external",
      browserBinding: "naive",
      pkce: "public-clients",
    });
    await send(authkit, { action: "default_switches" });
    expect(authkit.switches).toMatchObject({ subject: "workos", browserBinding: "strict" });
  });

  it.each([
    [{ action: "advance", by: "soon" }, "by must be a duration"],
    [{ action: "fault", target: "jwks", effect: "delay", times: "1" }, "target must be a method and a path"],
    [{ action: "switches", "switch:subject": "<b>" }, "subject must be one of workos, external"],
    [{ action: "switches", "switch:typo": "x" }, "typo is not an option"],
    [{ action: "typo" }, "action is not one of this page"],
  ])("say what cannot be taken, and change nothing: %o", async (fields, problem) => {
    const authkit = await start();
    const before = JSON.stringify([authkit.switches, authkit.faults, authkit.clock.aheadBy]);
    const answer = await send(authkit, fields);
    expect(answer.status).toBe(422);
    expect(parse(answer.text).querySelector("[role=alert]")?.text).toContain(problem);
    expect(JSON.stringify([authkit.switches, authkit.faults, authkit.clock.aheadBy])).toBe(before);
  });

  it.each([
    ["without the page's token", { csrf_token: "" }, { "sec-fetch-site": "same-origin" }],
    ["with a guessed one", { csrf_token: "x".repeat(43) }, { "sec-fetch-site": "same-origin" }],
    ["from a page of another site", {}, { "sec-fetch-site": "cross-site" }],
    ["from another port of this machine", {}, { "sec-fetch-site": "same-site" }],
    ["from another origin, as older browsers say it", {}, { origin: "http://localhost:1" }],
  ])("are not taken %s", async (_, fields: Record<string, string>, headers) => {
    const authkit = await start();
    const answer = await send(authkit, { action: "advance", by: "90s", ...fields }, headers);
    expect(answer.status).toBe(403);
    expect(authkit.clock.aheadBy).toBe(0);
  });
});

describe("what keeps the dashboard up to date", () => {
  /** What the stream says, one piece at a time. */
  async function listen(authkit: LocalAuthKit, headers: Record<string, string> = {}) {
    const answer = await fetch(`${authkit.url}/_local/events`, { headers });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    return { answer, next: async () => (await reader?.read())?.value };
  }

  it("says that something changed, and nothing more", async () => {
    const authkit = await start();
    const { answer, next } = await listen(authkit);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    const changes: (() => unknown)[] = [
      () => begin(new Browser(), authorization(authkit)),
      () => authkit.fault("GET /oauth2/jwks", { status: 503 }),
      () => fetch(`${authkit.url}/oauth2/jwks`),
      () => authkit.clearFaults(),
      () => authkit.clock.advance("1s"),
      () => authkit.setSwitches({ subject: "external" }),
      () => authkit.setLoginUri("http://other.test/login"),
      () => authkit.rotateKeys(),
      () => authkit.endSession(),
    ];
    for (const change of changes) {
      await change();
      expect(await next()).toBe("data: changed\n\n");
    }
  });

  it("does not keep the AuthKit from ending", async () => {
    const authkit = await start();
    const { next } = await listen(authkit);
    await authkit.close();
    await expect(next()).rejects.toThrow();
  });

  it("is not for pages of other sites", async () => {
    const authkit = await start();
    const headers = { "sec-fetch-site": "cross-site" };
    expect((await fetch(`${authkit.url}/_local/events`, { headers })).status).toBe(404);
  });

  it("has only those logins that changed since", async () => {
    const authkit = await start();
    const ids = [
      await begin(new Browser(), authorization(authkit)),
      await begin(new Browser(), authorization(authkit)),
    ];
    const [newer, older] = authkit.logins;
    const shown = async (since: string) =>
      (await open(authkit, `/?since=${since}`)).page.querySelectorAll("#log > li").map(({ id }) => id);
    expect(await shown("0")).toEqual([newer?.id, older?.id]);
    expect(await shown("everything")).toEqual([newer?.id, older?.id]);

    const revision = (await open(authkit)).page.querySelector("#live")?.getAttribute("data-revision") ?? "";
    expect(await shown(revision)).toEqual([]);
    await complete(authkit, { external_auth_id: ids[0], user: ADA });
    expect(await shown(revision)).toEqual([older?.id]);
  });
});
