import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalAuthKit } from "@connect/local-authkit";
import { drive } from "@connect/testing/drive";
import { afterEach, describe, expect, it } from "vitest";

const snippets = join(import.meta.dirname, "../snippets/start");
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

interface AuthKit {
  readonly url: string;
  readonly apiKey: string;
}

/** What the pages export in the terminals. */
const environment = (authkit: AuthKit) => ({
  ...process.env,
  AUTHKIT_URL: authkit.url,
  WORKOS_API_URL: authkit.url,
  WORKOS_API_KEY: authkit.apiKey,
});

/** Runs a program of the start pages, and gives its address once it listens. */
async function run(program: string, authkit: AuthKit): Promise<string> {
  const port = await freePort();
  const env = { ...environment(authkit), PORT: String(port) };
  const file = program.startsWith("next/")
    ? join(import.meta.dirname, "routes.mjs")
    : join(snippets, program);
  const child = spawn(process.execPath, [file], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return `http://localhost:${port}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "localhost", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

describe.each(["hono", "express", "fastify", "web", "next"])("with %s", (framework) => {
  it("a client gets its first token by way of the sign-in page", async () => {
    const authkit = await startLocalAuthKit({ port: 0 });
    const url = await run(`${framework}/login.mjs`, authkit);
    authkit.setLoginUri(`${url}/auth/login`);
    const signIn = async (page: Parameters<SignIn>[0], browser: Parameters<SignIn>[1]) => {
      const [form] = page.forms;
      if (form === undefined) throw new Error("the sign-in page has no form");
      return browser.submit(form, {});
    };
    const { claims } = await drive({ authkit, user: signIn });
    expect(authkit.users.find(String(claims.sub))?.externalId).toBe("usr_ada");
    await authkit.close();
  });

  it("the first token opens the application's guarded route, which is shut without one", async () => {
    const authkit = await startLocalAuthKit({ port: 0, resources: ["http://localhost:3000/api"] });
    const url = await run(`${framework}/login.mjs`, authkit);
    authkit.setLoginUri(`${url}/auth/login`);
    const client = [join(snippets, "first-token.mjs")];
    const { stdout } = await promisify(execFile)(process.execPath, client, { env: environment(authkit) });
    const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${stdout.trim()}` } });
    expect(me.status).toBe(200);
    const { subject } = (await me.json()) as { subject: string };
    expect(authkit.users.find(subject)?.externalId).toBe("usr_ada");
    expect((await fetch(`${url}/api/me`)).status).toBe(401);
    await authkit.close();
  });

  it("the API lets a machine's token in, and nobody without one", async () => {
    const resource = "http://localhost:3002/api";
    const clients = JSON.parse(readFileSync(join(snippets, "machine.json"), "utf8"));
    const authkit = await startLocalAuthKit({ port: 0, resources: [resource], clients });
    const url = await run(`${framework}/api.mjs`, authkit);
    const answer = await fetch(`${authkit.url}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa("client_nightly:nightly_secret_local")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "notes:read", resource }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const notes = await fetch(`${url}/api/notes`, { headers: { authorization: `Bearer ${token}` } });
    expect(await notes.json()).toEqual({ readBy: "client_nightly", notes: ["Buy milk"] });
    expect((await fetch(`${url}/api/notes`)).status).toBe(401);
    await authkit.close();
  });
});

type SignIn = Extract<Parameters<typeof drive>[0]["user"], (...args: never[]) => unknown>;

it.each(["hono", "fastify", "express", "next", "web"])(
  "with %s, the MCP server's tool answers a token made for it",
  async (framework) => {
    const resource = "http://localhost:3000/mcp";
    const authkit = await startLocalAuthKit({ port: 0, resources: [resource] });
    const url = await run(`${framework}/mcp.mjs`, authkit);
    authkit.setLoginUri(`${url}/auth/login`);
    const { tokens } = await drive({ authkit, user: { cookie: "session=ada" }, resource });
    const call = (headers: Record<string, string>) =>
      fetch(`${url}/mcp`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          ...headers,
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "whoami", arguments: {} },
        }),
      });
    const answer = await call({ authorization: `Bearer ${tokens.accessToken}` });
    expect(await answer.text()).toContain("Connected by client_local_public.");
    const challenge = (await call({})).headers.get("www-authenticate") ?? "";
    const [, metadataUrl = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    const metadata = await fetch(url + new URL(metadataUrl).pathname);
    expect(await metadata.json()).toMatchObject({ resource, authorization_servers: [authkit.url] });
    await authkit.close();
  },
);
