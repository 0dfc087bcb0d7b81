import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { drive } from "@connect/testing/drive";
import { describe, expect, it } from "vitest";
import { run, start } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";

const require = createRequire(import.meta.url);
const TSC = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
const NEXT = join(dirname(require.resolve("next/package.json")), "dist/bin/next");
const PACKAGE = join(import.meta.dirname, "..");

/** The application around what `init` writes: its session is a cookie. */
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
  currentUser: async (request) =>
    request.headers.cookie === "session=ada" ? { id: "ada", email: "ada@example.com" } : null,
}));
app.listen(Number(process.env.PORT), "localhost", () => console.log("listening"));
`,
  web: `
import { serve } from "@hono/node-server";
import { connectRoutes } from "./connect-routes.js";
const connect = connectRoutes({
  signInUrl: "/sign-in",
  currentUser: async (request) =>
    request.headers.get("cookie") === "session=ada" ? { id: "ada", email: "ada@example.com" } : null,
});
const fetch = async (request: Request) => (await connect(request)) ?? new Response(null, { status: 404 });
serve({ fetch, port: Number(process.env.PORT), hostname: "localhost" }, () => console.log("listening"));
`,
} as const;

const CURRENT_USER = `
import type { User } from "@connect/core";
import type { NextRequest } from "next/server";
export async function currentUser(request: NextRequest): Promise<User | null> {
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
function applicationFolder(dependencies: object = {}): string {
  const folder = emptyFolder(join(PACKAGE, "test"));
  symlinkSync(join(PACKAGE, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies }));
  return folder;
}

function compile(cwd: string, options: object, include: string[]): void {
  const config = { compilerOptions: { ...COMPILER_OPTIONS, ...options }, include };
  writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [TSC, "-p", "."], { cwd, encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
}

/** A login and a request with its token, at an application that `dev` runs. */
async function logIn(cwd: string, command: readonly string[], listening: RegExp): Promise<void> {
  const { saw } = start(["dev", "--", ...command], { cwd, env: { NEXT_TELEMETRY_DISABLED: "1" } });
  const [, issuer = ""] = await saw(/AuthKit +(\S+)\n/);
  const [, resource = ""] = await saw(/Resource +(\S+)\n/);
  await saw(listening);
  const { tokens } = await drive({ authkit: { issuer }, user: { cookie: "session=ada" }, resource });
  const call = (headers: Record<string, string>) => fetch(new URL("/api/me", resource), { headers });
  const answer = await call({ authorization: `Bearer ${tokens.accessToken}` });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ subject: expect.stringMatching(/^user_/) });
  const challenge = (await call({})).headers.get("www-authenticate") ?? "";
  const [, metadataUrl = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
  expect(await (await fetch(metadataUrl)).json()).toMatchObject({ resource });

  // The doctor finds nothing amiss in what init wrote.
  const { bad } = await diagnose(cwd, issuer, resource);
  expect(bad).toEqual([]);
}

async function diagnose(cwd: string, issuer: string, resource: string) {
  const env = {
    AUTHKIT_URL: issuer,
    CONNECT_AUDIENCE: resource,
    APP_URL: new URL(resource).origin,
    WORKOS_API_KEY: "sk_test_1",
  };
  const { stdout } = await run(["doctor", "--json"], { cwd, env });
  const { findings } = JSON.parse(stdout) as { findings: { check: string; status: string }[] };
  const isBad = ({ status }: { status: string }) => status === "failure" || status === "warning";
  return { bad: findings.filter(isBad).map(({ check }) => check) };
}

describe("what init writes", () => {
  it.each(Object.entries(SERVERS))(
    "compiles and serves a login and a token: %s",
    async (framework, server) => {
      const folder = applicationFolder();
      mkdirSync(join(folder, "src"));
      const { code } = await run(["init", "--framework", framework], { cwd: folder });
      expect(code).toBe(0);
      writeFileSync(join(folder, "src/server.ts"), server);
      compile(folder, { outDir: "dist", rootDir: "src" }, ["src"]);
      await logIn(folder, [process.execPath, "dist/server.js"], /^listening$/m);
    },
  );

  it("compiles and serves a login and a token: next", async () => {
    const folder = applicationFolder({ next: "*" });
    mkdirSync(join(folder, "app"));
    const { code, stdout } = await run(["init"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("Next.js");
    const options = { module: "ESNext", moduleResolution: "bundler", noEmit: true, jsx: "preserve" };
    compile(folder, options, ["**/*.ts"]);
    writeFileSync(join(folder, "current-user.ts"), CURRENT_USER);
    await logIn(folder, [process.execPath, NEXT, "dev", "-H", "localhost"], /Ready in/);
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

  it("writes into src where there is one", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "src"));
    await run(["init", "--framework", "web"], { cwd });
    expect(readdirSync(join(cwd, "src")).sort()).toEqual(["connect-routes.ts", "connect.ts"]);
    expect(readdirSync(cwd)).toContain(".env.example");
  });
});
