import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { run, start } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";
import { freePort } from "./support/port.js";

const require = createRequire(import.meta.url);
const TSC = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
const NEXT = join(dirname(require.resolve("next/package.json")), "dist/bin/next");
const PACKAGE = join(import.meta.dirname, "..");

/** The application around what `init` writes: its session is a cookie, which is read at once or later. */
const SERVERS = {
  hono: `
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { connectRoutes } from "./connect-routes.js";
const app = new Hono();
app.route("/", connectRoutes({
  signInUrl: "/sign-in",
  currentUser: async (c) =>
    c.req.header("cookie") === "session=ada" ? { id: "ada", email: "ada@example.com" } : null,
}));
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "localhost" }, () => console.log("listening"));
`,
  fastify: `
import Fastify from "fastify";
import { connectRoutes } from "./connect-routes.js";
const app = Fastify();
app.register(connectRoutes({
  signInUrl: "/sign-in",
  currentUser: async (request) =>
    request.headers.cookie === "session=ada" ? { id: "ada", email: "ada@example.com" } : null,
}));
app.listen({ port: Number(process.env.PORT), host: "localhost" }).then(() => console.log("listening"));
`,
  express: `
import express from "express";
import { connectRoutes } from "./connect-routes.js";
const app = express();
app.use(connectRoutes({
  signInUrl: "/sign-in",
  currentUser: (request) =>
    request.headers.cookie === "session=ada" ? { id: "ada", email: "ada@example.com" } : null,
}));
app.listen(Number(process.env.PORT), "localhost", () => console.log("listening"));
`,
  web: `
import { serve } from "@hono/node-server";
import { connectRoutes } from "./connect-routes.js";
const connect = connectRoutes({
  signInUrl: "/sign-in",
  currentUser: (request) =>
    request.headers.get("cookie") === "session=ada" ? { id: "ada", email: "ada@example.com" } : null,
});
serve({
  fetch: async (request) => (await connect(request)) ?? new Response(null, { status: 404 }),
  port: Number(process.env.PORT),
  hostname: "localhost",
}, () => console.log("listening"));
`,
} as const;

const CURRENT_USER = `
export async function currentUser(request) {
  return request.cookies.get("session")?.value === "ada" ? { id: "ada", email: "ada@example.com" } : null;
}
`;

const COMPILER_OPTIONS = {
  target: "ES2022",
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  types: ["node"],
};

/** A new application's folder. In the package, since Next.js resolves nothing outside of its root. */
function applicationFolder(dependencies: object = {}, type: string | null = "module"): string {
  const folder = emptyFolder(join(PACKAGE, "test"));
  symlinkSync(join(PACKAGE, "node_modules"), join(folder, "node_modules"));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ dependencies, ...(type !== null && { type }) }),
  );
  return folder;
}

function compile(cwd: string, options: object, include: string[]): void {
  const config = { compilerOptions: { ...COMPILER_OPTIONS, ...options }, include };
  writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [TSC, "-p", "."], { cwd, encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
}

/** What the `first-token.mjs` of init writes, for an application that has a session and no sign-in page. */
function firstToken(cwd: string, env: Readonly<Record<string, string>>): string {
  const file = join(cwd, "first-token.mjs");
  const text = readFileSync(file, "utf8").replace(/\{ fields: .+\}/, '{ cookie: "session=ada" }');
  writeFileSync(file, text);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd, encoding: "utf8", env });
  expect(stderr).toBe("");
  return stdout.trim();
}

/** A login and a request with its token, at an application that `dev` runs. */
async function logIn(cwd: string, command: readonly string[], listening: RegExp): Promise<void> {
  const { saw } = start(["dev", "--port", await freePort(), "--", ...command], {
    cwd,
    env: { NEXT_TELEMETRY_DISABLED: "1" },
  });
  const [, doctor = ""] = await saw(/^Doctor +npx connect (.+)$/m);
  const [, issuer = "", resource = ""] = await saw(/^Token +AUTHKIT_URL=(\S+) RESOURCE=(\S+) node/m);
  await saw(listening);
  const accessToken = firstToken(cwd, { AUTHKIT_URL: issuer, RESOURCE: resource });
  const call = (headers: Record<string, string>) => fetch(new URL("/api/me", resource), { headers });
  const answer = await call({ authorization: `Bearer ${accessToken}` });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ subject: expect.stringMatching(/^user_/) });
  const challenge = (await call({})).headers.get("www-authenticate") ?? "";
  const [, metadataUrl = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
  expect(await (await fetch(metadataUrl)).json()).toMatchObject({ resource });

  // The doctor, as dev prints it, finds nothing amiss in what init wrote, to which no sign-in page belongs.
  expect(await diagnose(cwd, doctor.split(" "))).toEqual({ code: 0, bad: ["login-uri.sign-in"] });
}

async function diagnose(cwd: string, command: readonly string[]) {
  const { code, stdout } = await run([...command, "--json"], { cwd });
  const { findings } = JSON.parse(stdout) as { findings: { check: string; status: string }[] };
  const isBad = ({ status }: { status: string }) => status === "failure" || status === "warning";
  return { code, bad: findings.filter(isBad).map(({ check }) => check) };
}

describe("what init writes", () => {
  it.each(Object.entries(SERVERS))(
    "compiles and serves a login and a token: %s",
    async (framework, server) => {
      const folder = applicationFolder({ typescript: "*" });
      mkdirSync(join(folder, "src"));
      const { code } = await run(["init", "--framework", framework], { cwd: folder });
      expect(code).toBe(0);
      writeFileSync(join(folder, "src/server.ts"), server);
      compile(folder, { outDir: "dist", rootDir: "src" }, ["src"]);
      await logIn(folder, [process.execPath, "dist/server.js"], /^listening$/m);
    },
  );

  it("compiles and serves a login and a token: next", async () => {
    const folder = applicationFolder({ next: "*", typescript: "*" });
    mkdirSync(join(folder, "app"));
    const { code, stdout } = await run(["init"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("Next.js");
    const options = { module: "ESNext", moduleResolution: "bundler", noEmit: true, jsx: "preserve" };
    compile(folder, options, ["**/*.ts"]);
    const typed = CURRENT_USER.replace("(request)", '(request: import("next/server").NextRequest)');
    writeFileSync(join(folder, "current-user.ts"), typed);
    await logIn(folder, [process.execPath, NEXT, "dev", "-H", "localhost"], /Ready in/);
  });

  it.each([
    ["hono", "module", ".js"],
    ["fastify", "commonjs", ".mjs"],
    ["express", "commonjs", ".mjs"],
    ["web", null, ".mjs"],
  ] as const)(
    "serves a login and a token without TypeScript: %s, where package.json says type %s",
    async (framework, type, extension) => {
      const cwd = applicationFolder({}, type);
      expect((await run(["init", "--framework", framework], { cwd })).code).toBe(0);
      const written = readdirSync(cwd).filter((name) => name.startsWith("connect"));
      expect(written.sort()).toEqual([`connect-routes${extension}`, `connect${extension}`]);
      const server = SERVERS[framework].replace("./connect-routes.js", `./connect-routes${extension}`);
      writeFileSync(join(cwd, "server.mjs"), server);
      await logIn(cwd, [process.execPath, "server.mjs"], /^listening$/m);
    },
  );

  it("serves a login and a token without TypeScript: next, which then brings none along", async () => {
    const cwd = applicationFolder({ next: "*" }, null);
    mkdirSync(join(cwd, "app"));
    expect((await run(["init"], { cwd })).code).toBe(0);
    writeFileSync(join(cwd, "current-user.js"), CURRENT_USER);
    await logIn(cwd, [process.execPath, NEXT, "dev", "-H", "localhost"], /Ready in/);
    const files = readdirSync(cwd, { recursive: true, encoding: "utf8" });
    const own = files.filter((file) => !/^(node_modules|\.next)/.test(file));
    expect(own.filter((file) => /\.tsx?$|tsconfig/.test(file))).toEqual([]);
  });

  it("is built by next build where no variable is set, and says which one is missing when it starts", async () => {
    const cwd = applicationFolder({ next: "*" });
    mkdirSync(join(cwd, "app"));
    await run(["init"], { cwd });
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1", WORKOS_API_KEY: "" };
    const options = { cwd, encoding: "utf8", env: { ...env, NODE_ENV: "production" } } as const;
    const build = spawnSync(process.execPath, [NEXT, "build"], options);
    // What it warns of (a slow disk, other lockfiles) is the machine's.
    expect(build.status, build.stderr).toBe(0);
    const started = spawnSync(process.execPath, ["connect.js"], options);
    expect(started.stderr).toContain(
      "AUTHKIT_URL is not set: .env.example says what it is, and Node reads a .env with --env-file=.env.",
    );
  });
});

describe("init", () => {
  it("finds the framework in package.json, and asks where it can't", async () => {
    const found = await run(["init"], { cwd: applicationFolder({ fastify: "^5.0.0" }) });
    expect(found.stdout).toContain("@connect/fastify");
    const both = await run(["init"], { cwd: applicationFolder({ fastify: "^5.0.0", express: "^5.0.0" }) });
    expect([both.code, both.stdout]).toEqual([2, ""]);
    expect(both.stderr).toContain("package.json names fastify and express");
    const none = await run(["init"], { cwd: emptyFolder() });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain("--framework hono|fastify|express|next|web");
  });

  it("leaves what is there, and names the variables that an older .env.example lacks", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "tsconfig.json"), "{}");
    writeFileSync(join(cwd, "connect.ts"), "mine");
    writeFileSync(join(cwd, ".env.example"), "APP_URL=\n# AUTHKIT_URL=\n");
    const outside = join(emptyFolder(), "nowhere.ts");
    symlinkSync(outside, join(cwd, "connect-routes.ts"));
    const { code, stdout } = await run(["init", "--framework", "hono"], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, "connect.ts"), "utf8")).toBe("mine");
    expect(readdirSync(dirname(outside))).toEqual([]);
    expect(stdout.match(/kept/g)).toHaveLength(3);
    expect(stdout).toContain("Add to .env.example: WORKOS_API_KEY, CONNECT_AUDIENCE.");
  });

  /** A Next.js application with these files, which hold nothing. */
  function nextFolder(...files: string[]): string {
    const cwd = emptyFolder();
    for (const file of files) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), "");
    }
    writeFileSync(join(cwd, "package.json"), `\ufeff${JSON.stringify({ dependencies: { next: "*" } })}`);
    return cwd;
  }

  it.each([
    ["beside pages, though there is a src", ["pages/index.js", "src/button.js"], ""],
    ["beside pages in src", ["src/pages/index.js"], "src/"],
    ["beside app, which goes before one in src", ["app/page.js", "src/app/page.js"], ""],
    ["into src where there is neither", ["src/button.js"], "src/"],
  ])("writes where Next.js looks for routes: %s", async (_, files, source) => {
    const cwd = nextFolder(...files);
    const { code } = await run(["init"], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, `${source}app/auth/login/route.js`), "utf8")).toContain("loginRoute");
    expect(readFileSync(join(cwd, `${source}connect.js`), "utf8")).toContain("createLogin");
  });

  it("writes no second answer at a path of Next.js's, and says what stands in the way", async () => {
    const cwd = nextFolder(
      "src/app/auth/login/page.tsx",
      "src/pages/api/me.js",
      "src/pages/404.jsx",
      "src/app/.well-known/[...path]/route.ts",
      "src/middleware.ts",
    );
    const { code, stdout } = await run(["init"], { cwd });
    expect(code).toBe(0);
    const files = readdirSync(join(cwd, "src"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /route\.\w+$/.test(file))).toEqual(["app/.well-known/[...path]/route.ts"]);
    expect(stdout).toContain(
      "src/app/auth/login/route.js: src/app/auth/login/page.tsx answers there already",
    );
    expect(stdout).toContain("src/app/api/me/route.js: src/pages/api/me.js answers there already");
    expect(stdout).toContain("src/app/.well-known/[...path]/route.ts, which was there already");
    expect(stdout).toContain("app/not-found in the place of src/pages/404.jsx");
    expect(stdout).toContain("src/middleware.ts: let /auth/login, /api/me and /.well-known/ pass");
  });

  it("says what a connect of one's own would have to give", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "connect.mjs"), "mine");
    const first = await run(["init", "--framework", "hono"], { cwd });
    expect(first.stdout).toContain("connect.mjs was there: the routes import login, resource and verifier");
    const again = await run(["init", "--framework", "hono"], { cwd });
    expect(again.stdout).not.toContain("connect.mjs was there:");
  });

  it("lets files of Deno's name each other as they are called", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "deno.json"), "{}");
    const { stdout } = await run(["init", "--framework", "hono"], { cwd });
    expect(stdout).toContain('from "./connect-routes.ts"');
    expect(stdout).not.toContain("run it with tsx");
    expect(readFileSync(join(cwd, "connect-routes.ts"), "utf8")).toContain('from "./connect.ts"');
  });

  it("says where to run it in a workspace, and in one line what it can't write", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "package.json"), JSON.stringify({ workspaces: ["apps/*"] }));
    expect((await run(["init"], { cwd })).stderr).toContain("in the application's own folder");
    writeFileSync(join(cwd, "src"), "no folder");
    const { code, stderr } = await run(["init", "--framework", "hono"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^connect: .*src: there is a file where a folder should be\.\n$/);
  });

  it("says what the sign-in page does with return_to", async () => {
    for (const framework of ["hono", "fastify", "express", "next", "web"]) {
      const { stdout } = await run(["init", "--framework", framework], { cwd: emptyFolder() });
      expect(stdout).toContain("only where return_to begins with /auth/login?\n");
    }
  });

  it.each([
    [{ express: "^5.0.0" }, "tsconfig.json", true],
    [{ express: "^5.0.0" }, "README.md", false],
    [{ express: "^5.0.0", tsx: "^4.0.0" }, "tsconfig.json", false],
    [{ express: "^5.0.0", typescript: "^6.0.0" }, "tsconfig.json", false],
    [{ next: "^16.0.0" }, "tsconfig.json", false],
  ])(
    "says that it writes TypeScript where nothing is there to run it: %o, %s",
    async (dependencies, file, says) => {
      const cwd = applicationFolder(dependencies);
      writeFileSync(join(cwd, file), "{}");
      const { stdout } = await run(["init"], { cwd });
      expect(stdout.includes("This is TypeScript: run it with tsx")).toBe(says);
    },
  );

  it.each(["tsconfig.json", "deno.json", "deno.jsonc"])("writes TypeScript beside %s", async (file) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, file), "{}");
    await run(["init", "--framework", "web"], { cwd });
    expect(readdirSync(cwd).sort()).toEqual(
      [".env.example", "connect-routes.ts", "connect.ts", "first-token.mjs", file].sort(),
    );
  });

  it("keeps what only next build needs from the other frameworks", async () => {
    for (const language of ["tsconfig.json", "README.md"]) {
      const [next, express] = [emptyFolder(), emptyFolder()];
      for (const cwd of [next, express]) writeFileSync(join(cwd, language), "{}");
      await run(["init", "--framework", "next"], { cwd: next });
      await run(["init", "--framework", "express"], { cwd: express });
      const textOf = (cwd: string) => {
        const name = readdirSync(cwd).find((file) => /^connect\.\w+$/.test(file)) ?? "";
        return readFileSync(join(cwd, name), "utf8");
      };
      expect(textOf(next)).toContain("NEXT_PHASE");
      expect(textOf(express)).not.toMatch(/next/i);
      expect(textOf(express)).toMatch(/process\.env\[name\];\n {2}if \(!value\)\s+throw/);
    }
  });

  it("says what a package.json of type commonjs does to Next.js, and who reaches next dev", async () => {
    const commonjs = await run(["init"], { cwd: applicationFolder({ next: "^16.0.0" }, "commonjs") });
    expect(commonjs.stdout).toContain("npm pkg delete type\n");
    expect(commonjs.stdout).toContain("--hostname localhost");
    const module = await run(["init"], { cwd: applicationFolder({ next: "^16.0.0" }) });
    expect(module.stdout).not.toContain("npm pkg delete type");
    const other = await run(["init"], { cwd: applicationFolder({ express: "^5.0.0" }, "commonjs") });
    expect(other.stdout).not.toMatch(/npm pkg|next dev/);
  });

  it("writes into src where there is one", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "src"));
    await run(["init", "--framework", "web"], { cwd });
    expect(readdirSync(join(cwd, "src")).sort()).toEqual(["connect-routes.mjs", "connect.mjs"]);
    expect(readdirSync(cwd)).toContain(".env.example");
  });
});
