import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLogin, type LoginOptions } from "@connect/core";
import { loginRoute } from "@connect/hono";
import { type Context, Hono } from "hono";
import { expect, it, onTestFinished } from "vitest";
import { run } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";
import { listen } from "./support/listen.js";
import { startAuthKit } from "./support/product.js";

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly seen: string;
}

const SESSION = "theme=dark; session=ada-7f3a9";

/** The handoff's findings of an attack on a Login URI, and what all of the output was. */
async function attack(appUrl: string, args: string[] = [], stdin?: string, env = {}) {
  const { code, stdout, stderr } = await run(
    ["doctor", "--json", "--attack", `${appUrl}/auth/login`, ...args],
    {
      cwd: emptyFolder(),
      env: { APP_URL: appUrl, ...env },
      ...(stdin === undefined ? {} : { stdin }),
    },
  );
  expect(stderr).toBe("");
  const findings: Finding[] = JSON.parse(stdout).findings;
  const handoff = findings.filter(({ check }) => /^(handoff|attack)\./.test(check));
  const seen = (check: string) => handoff.filter((one) => one.check === check).map((one) => one.seen);
  return { code, stdout, checks: handoff.map(({ check }) => check), findings: handoff, seen };
}

const isSignedIn = (c: Context) => c.req.header("cookie")?.includes("session=ada-7f3a9") ?? false;

/** An application with Connect, and the AuthKit behind it. */
async function startConnected(options: Partial<LoginOptions> = {}) {
  const authkit = await startAuthKit();
  const { apiKey, issuer } = authkit;
  const login = createLogin({ apiKey, authkitUrl: issuer, apiUrl: issuer });
  const app = new Hono();
  const route = loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    ...options,
    onError: () => {},
    authenticate: (c) => (isSignedIn(c) ? { user: { id: "usr_ada", email: "ada@example.com" } } : null),
  });
  app.get("/sign-in", (c) => c.text("Sign in"));
  app.on(options.confirm ? ["GET", "POST"] : ["GET"], "/auth/login", route);
  return { authkit, url: await listen(app), env: { AUTHKIT_URL: issuer } };
}

/** An application of somebody who wrote the Login URI by hand. */
function startNaive(answer: (c: Context, id: string) => Response | Promise<Response>): Promise<string> {
  const app = new Hono();
  app.all("/auth/login", (c) => answer(c, c.req.query("external_auth_id") ?? ""));
  return listen(app);
}

const isUsable = (id = "") => /^[\w-]+$/.test(id);

const toSignIn = (c: Context) => {
  c.header("cache-control", "no-store");
  return c.redirect(`/sign-in?${new URLSearchParams({ return_to: c.req.path })}`);
};

it("finds nothing where Connect answers, signed in and signed out, and completes nothing", async () => {
  const { authkit, url, env } = await startConnected({ confirm: true });
  const signedOut = await attack(url, [], undefined, env);
  expect(signedOut.checks).toEqual(["handoff.held", "handoff.no-cookie"]);
  expect(Number.parseInt(signedOut.seen("handoff.held")[0] ?? "", 10)).toBeGreaterThan(60);

  const signedIn = await attack(url, ["--with-cookie"], `Cookie: ${SESSION}\n`, env);
  expect(signedIn.checks).toEqual(["handoff.held", "handoff.confirm"]);
  expect(signedIn.findings.at(-1)?.status).toBe("ok");
  expect(signedIn.stdout).not.toMatch(/ada-7f3a9|connect_doctor_/);
  expect(authkit.users.all()).toEqual([]);
});

it.each<[string, Partial<LoginOptions>]>([
  ["with a fallback page", {}],
  ["without one", { fallbackUrl: undefined }],
  ["that waits in a cookie", { resume: { secret: "a secret of the test's, long enough" } }],
])("warns where a signed-in user is not asked, and a login %s is attacked", async (_, options) => {
  const { authkit, url, env } = await startConnected(options);
  const { checks, findings, code } = await attack(url, ["--with-cookie"], SESSION, env);
  expect(checks).toEqual(["handoff.held", "handoff.confirm"]);
  expect(findings.at(-1)?.status).toBe("warning");
  expect(code).toBe(0);
  expect(authkit.users.all()).toEqual([]);
});

it("stops where the cookie signs nobody in", async () => {
  const { url, env } = await startConnected();
  const { checks } = await attack(url, ["--with-cookie"], "session=old", env);
  expect(checks).toEqual(["handoff.cookie"]);
});

it("finds what serves whatever comes", async () => {
  const { seen } = await attack(await startNaive(toSignIn));
  const served = seen("handoff.served").join("\n");
  for (const what of ["HEAD", "a prefetch", "a load as iframe", "no id", "two ids", "POST", "another site"]) {
    expect(served).toContain(what);
  }
  expect(served).toContain("a preflight");
});

it("finds what takes addresses from the request", async () => {
  const url = await startNaive((c) => {
    const host = c.req.header("x-forwarded-host") ?? c.req.header("host");
    const target = c.req.query("return_to") ?? `http://${host}/auth/login`;
    return c.redirect(`/sign-in?${new URLSearchParams({ to: target })}`);
  });
  const ledAway = (await attack(url)).seen("handoff.led-away").join("\n");
  for (const what of ["X-Forwarded-Host", "as return_to", "a forged Host"]) expect(ledAway).toContain(what);
  expect(ledAway).not.toContain("Forwarded: ");
});

it("finds an id that is written into the page, and leaves one alone that is escaped or is data", async () => {
  const reflecting = await startNaive((c, id) => c.html(`<title>Sign in</title><p>Login ${id}</p>`));
  expect((await attack(reflecting)).seen("handoff.markup").join()).toContain("an id with markup in it");
  const data = await startNaive((c, id) => c.json({ id }));
  expect((await attack(data)).checks).not.toContain("handoff.markup");
});

it("finds what odd ids break", async () => {
  const fragile = await startNaive((c, id) => (isUsable(id) ? toSignIn(c) : c.text("", 500)));
  const broken = (await attack(fragile)).seen("handoff.broken");
  expect(broken).toContain("Answered with 500: no id.");
  expect(broken).toContain("Answered with 500: an id with markup in it.");
});

it("warns where only what no browser sends leads away", async () => {
  const server = createServer((request, response) => {
    const { url = "", method } = request;
    const isGood = method === "GET" && url.includes("connect_doctor_");
    const location = url.startsWith("http:") ? url : "/sign-in";
    response.writeHead(isGood ? 303 : 400, { location, "cache-control": "no-store" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { findings } = await attack(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ledAway = findings.filter(({ check }) => check === "handoff.led-away");
  expect(ledAway.map(({ status }) => status)).toEqual(["warning", "warning"]);
});

it("stops where the application does not survive", async () => {
  const server = createServer((request, response) => {
    if (request.url?.endsWith("external_auth_id=")) return void server.close().closeAllConnections();
    response.writeHead(request.url?.includes("connect_doctor_") ? 303 : 400, { location: "/sign-in" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { checks, seen } = await attack(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(checks.at(-1)).toBe("handoff.gone");
  expect(seen("handoff.gone")).toEqual(["Nobody answers any more, since: an empty id."]);
});

it("tells what broke without a word from what was refused, though the application is back at once", async () => {
  const server = createServer((request, response) => {
    if (request.method === "PUT" || request.method === "TRACE") return void request.socket.destroy();
    response.writeHead(request.url?.includes("connect_doctor_") ? 303 : 400, { location: "/sign-in" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { seen } = await attack(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(seen("handoff.silent")).toEqual(["Not answered: PUT."]);
});

it("stops where requests are limited, and takes no 429 for a refusal", async () => {
  let visits = 0;
  const url = await startNaive((c) => {
    visits += 1;
    return visits > 20
      ? c.text("", 429)
      : isUsable(c.req.query("external_auth_id"))
        ? toSignIn(c)
        : c.text("", 400);
  });
  const { checks, code } = await attack(url, [], undefined, { LOGIN_URI: `${url}/auth/login` });
  expect(checks.at(-1)).toBe("handoff.limited");
  expect(checks).not.toContain("handoff.held");
  expect(code).toBe(1);
});

it("stops where a signed-in visit shows nothing", async () => {
  const url = await startNaive((c) => (isSignedIn(c) ? c.text("", 503) : toSignIn(c)));
  const { checks, findings } = await attack(url, ["--with-cookie"], SESSION);
  expect(checks).toEqual(["handoff.closed"]);
  expect(findings[0]?.seen).toContain("503");
});

it("finds made-up ids that go on to AuthKit, and answers that caches may keep", async () => {
  const { issuer } = await startAuthKit();
  const url = await startNaive((c) =>
    isSignedIn(c) ? c.redirect(`${issuer}/oauth2/authorize/complete?state=x`) : toSignIn(c),
  );
  const { checks } = await attack(url, ["--with-cookie"], SESSION, { AUTHKIT_URL: issuer });
  expect(checks).toContain("handoff.completed");
  const cached = await startNaive((c) => (isSignedIn(c) ? c.redirect("/home") : toSignIn(c)));
  expect((await attack(cached, ["--with-cookie"], SESSION)).checks).toContain("handoff.no-store");
});

it("finds what routes by a header of the request", async () => {
  const url = await startNaive((c) =>
    c.req.header("x-original-url") === undefined ? toSignIn(c) : c.redirect("/admin"),
  );
  expect((await attack(url)).seen("handoff.moved").join()).toContain("X-Original-URL");
});

it("takes the address of the attack for the Login URI where nothing else names one", async () => {
  const { url, env } = await startConnected();
  expect((await attack(url, [], undefined, { ...env, APP_URL: "" })).checks).toEqual([
    "handoff.held",
    "handoff.no-cookie",
  ]);
});

it("counts what was held, where something was not", async () => {
  const url = await startNaive((c) =>
    c.req.method === "HEAD" || isUsable(c.req.query("external_auth_id")) ? toSignIn(c) : c.text("", 400),
  );
  const held = (await attack(url)).findings.find(({ check }) => check === "handoff.held");
  expect(held?.status).toBe("info");
  expect(held?.seen).toMatch(/^\d\d of \d\d bad visits/);
});

it("attacks nothing that no Login URI answers at", async () => {
  expect((await attack(await listen(new Hono()))).checks).toEqual(["handoff.closed"]);
});

it("attacks the Login URI beside the route, and says where it is left out", async () => {
  const { url, env } = await startConnected();
  const on = async (loginUri: string) => {
    const { stdout } = await run(["doctor", "--json", "--attack", `${url}/api/me`], {
      cwd: emptyFolder(),
      env: { ...env, ...(loginUri && { LOGIN_URI: loginUri }) },
    });
    const findings: Finding[] = JSON.parse(stdout).findings;
    return findings.filter(({ check }) => /^(handoff|attack)\./.test(check));
  };
  expect((await on(`${url}/auth/login`)).map(({ check }) => check)).toEqual([
    "attack.closed",
    "handoff.held",
    "handoff.no-cookie",
  ]);
  expect((await on("https://app.example.invalid/auth/login"))[1]?.seen).toContain("not on this machine");
  expect((await on(""))[1]?.seen).toContain("no address is known");
});

it.each([
  [["--with-token", "--with-cookie"], "x", "run it twice"],
  [["--with-cookie"], "", "stdin was empty"],
  [["--with-cookie"], "a=b\r\nx-admin: 1", "one line"],
])("can't be used with %j and stdin %j", async (args, stdin, why) => {
  const { code, stdout, stderr } = await run(
    ["doctor", "--attack", "http://localhost:1/auth/login", ...args],
    { cwd: emptyFolder(), stdin },
  );
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(why);
});

it.each(["--with-token", "--with-cookie", "--yes-it-is-mine"])(
  "wants an attack to go with: %s",
  async (option) => {
    const { code, stderr } = await run(["doctor", option], { cwd: emptyFolder(), stdin: "x" });
    expect(code).toBe(2);
    expect(stderr).toContain("go with --attack <url>");
  },
);
