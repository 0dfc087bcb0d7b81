import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../bin/local-authkit.js", import.meta.url));

function run(args: string[], env: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
    if (stdout.includes("Ctrl+C")) isReady();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const exit = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ready, exit, output: () => stdout };
}

it.each(["SIGINT", "SIGTERM"] as const)("says what one needs to know, and stops at %s", async (signal) => {
  const file = join(await mkdtemp(join(tmpdir(), "local-authkit-")), "clients.json");
  await writeFile(
    file,
    JSON.stringify([{ clientId: "client_x", name: "Ex", redirectUris: ["http://localhost/cb"] }]),
  );
  const { child, ready, exit, output } = run(
    [
      "--clients",
      file,
      "--resource",
      "https://a.example/",
      "--resource",
      "https://b.example/",
      "--default-resource",
      "https://b.example/",
      "--dcr",
      "--sessions",
      "none",
    ],
    { PORT: "0", LOGIN_URI: "http://localhost:3000/auth/login", WORKOS_API_KEY: "sk_test_given" },
  );
  await ready;
  const issuer = /http:\/\/localhost:\d+/.exec(output())?.[0];
  const answer = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
  expect((await answer.json()).issuer).toBe(issuer);
  child.kill(signal);
  const { code, stdout, stderr } = await exit;
  expect([code, stderr]).toEqual([0, ""]);
  for (const part of [
    "for development only",
    "sk_test_given",
    "http://localhost:3000/auth/login",
    "client_x",
    "Ex",
    "https://a.example/\n",
    "https://b.example/, the default",
    "DCR             on",
    "CIMD            off: start with --cimd",
  ]) {
    expect(stdout).toContain(part);
  }
});

it("says that documents are taken where they are, and takes a template", async () => {
  const template = JSON.stringify({ own_id: "{{ user.external_id }}" });
  const { child, ready, exit, output } = run(["--port", "0", "--cimd", "--jwt-template", template]);
  await ready;
  expect(output()).toContain("CIMD            on");
  expect(output()).toContain("DCR             off: start with --dcr");
  child.kill();
  expect((await exit).code).toBe(0);
});

it("prefers a flag to the environment", async () => {
  const { child, ready, exit, output } = run(["--port", "0", "--api-key", "sk_test_flag"], {
    PORT: "1",
    WORKOS_API_KEY: "sk_test_env",
  });
  await ready;
  expect(output()).toContain("sk_test_flag");
  expect(output()).not.toContain("sk_test_env");
  child.kill();
  await exit;
});

it.each<[string, string[], Record<string, string>, string]>([
  ["a flag it does not know", ["--nonsense"], {}, "--nonsense"],
  ["a host that is not this machine", ["--host", "0.0.0.0"], {}, "host must be a loopback name or address"],
  ["a port that is none", ["--port", "http"], {}, "port must be"],
  ["a file that is missing", ["--clients", "/nowhere.json"], {}, "/nowhere.json"],
  ["a template that is not JSON", ["--jwt-template", "{"], {}, "--jwt-template is not JSON"],
  ["a template that is no object", ["--jwt-template", "1"], {}, "jwtTemplate must be"],
  ["a reserved claim", ["--jwt-template", '{"sub":"x"}'], {}, "jwtTemplate.sub is a reserved claim"],
  [
    "a default that is no resource",
    ["--default-resource", "https://a.example"],
    {},
    "defaultResource must be",
  ],
  ["production", ["--port", "0"], { NODE_ENV: "production" }, "development and tests only"],
])("refuses %s, on stderr, with exit code 1", async (_name, args, env, part) => {
  const { code, stdout, stderr } = await run(args, env).exit;
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it("explains itself", async () => {
  const { code, stdout } = await run(["--help"]).exit;
  expect(code).toBe(0);
  for (const flag of [
    "--port",
    "--host",
    "--login-uri",
    "--api-key",
    "--resource",
    "--default-resource",
    "--dcr",
    "--cimd",
    "--clients",
    "--jwt-template",
    "--subject",
    "--sessions",
  ]) {
    expect(stdout).toContain(flag);
  }
});
