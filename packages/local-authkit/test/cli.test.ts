import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

import { run } from "./command.js";

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
      "--switch",
      "loginUriVisit=always",
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
  ["a switch it does not know", ["--switch", "typo=1"], {}, "switches.typo is not an option"],
  ["a switch without a value", ["--switch", "subject"], {}, "--switch must be a name and a value"],
  ["a configuration that is missing", ["--config", "nowhere.json"], {}, "nowhere.json is not there"],
  ["a store it does not know", ["--store", "mongodb"], {}, "store must be memory"],
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
    "--config",
    "--seed",
    "--store",
    "--switch",
  ]) {
    expect(stdout).toContain(flag);
  }
});

const CONFIG = {
  port: 0,
  apiKey: "sk_test_of_the_file",
  loginUri: "http://app.test/login",
  users: [{ id: "app-1", email: "ada@example.com", name: "Ada" }],
  clients: [{ clientId: "client_file", name: "From the file", redirectUris: ["http://localhost/cb"] }],
};

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "local-authkit-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function userAt(url: string | undefined, externalId: string) {
  const answer = await fetch(`${url}/user_management/users/external_id/${externalId}`, {
    headers: { authorization: `Bearer ${CONFIG.apiKey}` },
  });
  return answer.status === 200 ? await answer.json() : answer.status;
}

it.each([
  ["local-authkit.config.json", JSON.stringify({ $schema: "x", ...CONFIG })],
  [
    "local-authkit.config.ts",
    `const options: Record<string, unknown> = ${JSON.stringify(CONFIG)};\nexport default options;`,
  ],
])("finds its configuration in the folder: %s", async (name, text) => {
  const folder = await folderWith({
    [name]: text,
    "seed.json": JSON.stringify({ users: [{ id: "app-2", email: "bob@example.com" }] }),
  });
  const { child, ready, exit, output } = run(["--seed", "seed.json"], {}, folder);
  await ready;
  expect(output()).toContain("From the file");
  expect(output()).toContain("sk_test_of_the_file");
  const url = /http:\/\/localhost:\d+/.exec(output())?.[0];
  expect(await userAt(url, "app-1")).toMatchObject({ name: "Ada" });
  expect(await userAt(url, "app-2")).toMatchObject({ email: "bob@example.com" });
  child.kill();
  expect((await exit).code).toBe(0);
});

it("takes its configuration anew when it changes, and stays as it is where it can't be used", async () => {
  const folder = await folderWith({ "local-authkit.config.json": JSON.stringify(CONFIG) });
  const file = join(folder, "local-authkit.config.json");
  const { child, ready, exit, output, errors } = run([], {}, folder);
  await ready;
  const url = /http:\/\/localhost:\d+/.exec(output())?.[0];
  expect(await userAt(url, "app-2")).toBe(404);
  await writeFile(file, JSON.stringify({ ...CONFIG, users: [{ id: "app-2", email: "bob@example.com" }] }));
  await expect.poll(output).toContain("read anew");
  expect(await userAt(url, "app-2")).toMatchObject({ email: "bob@example.com" });
  expect(await userAt(url, "app-1")).toMatchObject({ name: "Ada" });

  await writeFile(file, JSON.stringify({ ...CONFIG, users: "s3cr3t" }));
  await expect.poll(errors).toContain("users must be Array");
  expect(errors()).not.toContain("s3cr3t");
  expect(await userAt(url, "app-2")).toMatchObject({ email: "bob@example.com" });
  child.kill();
  expect((await exit).code).toBe(0);
});
