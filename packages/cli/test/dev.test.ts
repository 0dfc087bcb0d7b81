import { connect, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { run, start } from "./support/command.js";
import { emptyFolder } from "./support/folder.js";
import { freePort } from "./support/port.js";

const SHOW = `const { PORT, APP_URL, AUTHKIT_URL, WORKOS_API_URL, WORKOS_API_KEY, CONNECT_AUDIENCE } = process.env;
fetch(AUTHKIT_URL + "/.well-known/openid-configuration").then((answer) => answer.json()).then(({ issuer }) =>
  console.log(JSON.stringify({ PORT, APP_URL, AUTHKIT_URL, WORKOS_API_URL, WORKOS_API_KEY, CONNECT_AUDIENCE, issuer })));`;

const WAIT = `process.on("SIGINT", () => process.exit(7)); process.on("SIGTERM", () => process.exit(8));
require("node:http").createServer().listen(process.env.PORT, () => console.log("port " + process.env.PORT));`;

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "localhost" });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

it("gives the command what it needs, beside an AuthKit that runs", async () => {
  const { code, stdout } = await run(["dev", "--", process.execPath, "-e", SHOW], { cwd: emptyFolder() });
  expect(code).toBe(0);
  const shown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  expect(shown).toEqual({
    PORT: expect.stringMatching(/^\d+$/),
    APP_URL: `http://localhost:${shown.PORT}`,
    AUTHKIT_URL: shown.issuer,
    WORKOS_API_URL: shown.issuer,
    WORKOS_API_KEY: expect.stringMatching(/^sk_test_/),
    CONNECT_AUDIENCE: `http://localhost:${shown.PORT}/api`,
    issuer: expect.stringMatching(/^http:\/\/localhost:\d+$/),
  });
  expect(stdout).toContain(`AuthKit    ${shown.issuer}\nDashboard  ${shown.issuer}/\n`);
  expect(stdout).toContain(`Login URI  ${shown.APP_URL}/auth/login\n`);
  expect(stdout).toContain("Client id  client_local_public");
  expect(stdout).toContain(
    `Doctor     npx connect doctor --authkit-url ${shown.issuer} --login-uri ${shown.APP_URL}/auth/login --resource ${shown.CONNECT_AUDIENCE}\n`,
  );
  expect(stdout).toContain(
    `Token      AUTHKIT_URL=${shown.issuer} RESOURCE=${shown.CONNECT_AUDIENCE} node first-token.mjs`,
  );
  // It goes to the command alone.
  expect(stdout.match(/sk_test_/g)).toHaveLength(1);
});

it("leaves the command's own options to the command", async () => {
  const { stdout } = await run(
    ["dev", "--", process.execPath, "-p", "process.argv.slice(1).join()", "--", "--port", "x"],
    {
      cwd: emptyFolder(),
    },
  );
  expect(stdout).toContain("--port,x\n");
});

it.each([0, 3])("ends with the command's exit code: %i", async (code) => {
  const ended = await run(["dev", "--", process.execPath, "-e", `process.exit(${code})`], {
    cwd: emptyFolder(),
  });
  expect(ended.code).toBe(code);
});

it.each([
  ["SIGINT", 7],
  ["SIGTERM", 8],
] as const)("passes %s on, to a server behind a shell as well", async (signal, code) => {
  const shell = ["sh", "-c", `"${process.execPath}" -e '${WAIT}'; exit $?`];
  const dev = async () => ["dev", "--port", await freePort(), "--"];
  const direct = start([...(await dev()), process.execPath, "-e", WAIT], { cwd: emptyFolder() });
  const port = Number((await direct.saw(/port (\d+)\n/))[1]);
  direct.child.kill(signal);
  expect((await direct.ended).code).toBe(code);
  expect(await isListening(port)).toBe(false);

  const behind = start([...(await dev()), ...shell], { cwd: emptyFolder() });
  const innerPort = Number((await behind.saw(/port (\d+)\n/))[1]);
  behind.child.kill(signal);
  await behind.ended;
  expect(await isListening(innerPort)).toBe(false);
});

it("kills a command that does not stop at the second signal", async () => {
  const stubborn = `process.on("SIGINT", () => console.log("no")); setInterval(() => {}, 1000); console.log("up");`;
  const { child, ended, saw } = start(["dev", "--", process.execPath, "-e", stubborn], {
    cwd: emptyFolder(),
  });
  await saw(/^up$/m);
  child.kill("SIGINT");
  await saw(/^no$/m);
  child.kill("SIGINT");
  expect((await ended).code).toBe(137);
});

/** So that somebody listens there: this test, where nobody else does. */
async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve).once("error", resolve));
}

it("says where both are when the usual ports are taken, and nothing of ports that were asked for", async () => {
  await occupy(3000);
  await occupy(4000);
  const cwd = emptyFolder();
  const show = [process.execPath, "-p", "process.env.APP_URL + ' ' + process.env.AUTHKIT_URL"];
  const { stdout, stderr } = await run(["dev", "--", ...show], { cwd });
  const [, app, authkit] = /^http:\/\/localhost:(\d+) http:\/\/localhost:(\d+)$/m.exec(stdout) ?? [];
  expect(stderr).toContain(`Port 3000 is taken: your application is on ${app}.\n`);
  expect(stderr).toContain(`Port 4000 is taken: AuthKit is on ${authkit}.\n`);

  const ports = ["--port", await freePort(), "--authkit-port", await freePort()];
  const asked = await run(["dev", ...ports, "--", ...show], { cwd });
  expect([asked.code, asked.stderr]).toEqual([0, ""]);
});

it("says which port is taken, and which command is none", async () => {
  const server = createServer().listen(0, "localhost");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const port = String(Object(server.address()).port);
  const cwd = emptyFolder();
  const taken = await run(["dev", "--authkit-port", port, "--", "true"], { cwd });
  expect([taken.code, taken.stdout]).toEqual([2, ""]);
  expect(taken.stderr).toContain(`Port ${port} is in use.`);
  const none = await run(["dev", "--", "no-such-command-here"], { cwd });
  expect(none.code).toBe(2);
  expect(none.stderr).toContain("no-such-command-here can't be started: there is no such command.");
});

it.each([
  ["npm run dev", "word by word"],
  ["LOG=debug", "variables go before connect"],
  [".", "not executable"],
])("says what is amiss with a command that is none: %s", async (name, why) => {
  const { code, stderr } = await run(["dev", "--", name], { cwd: emptyFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain(why);
});

it("says that the application's port is taken, before the command starts and where it ends by itself", async () => {
  const port = Number(await freePort());
  const server = createServer().listen(port, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const dev = (code: number) =>
    run(["dev", "--port", String(port), "--", process.execPath, "-e", `process.exit(${code})`], {
      cwd: emptyFolder(),
    });
  const failed = await dev(1);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(`Port ${port} is in use: browsers`);
  expect(failed.stderr).toContain("choose another with --port <port>");
  expect((await dev(0)).stderr).not.toContain("choose another");
});

it("is for process groups, which Windows has none of", async () => {
  const setUp = "data:text/javascript,Object.defineProperty(process,'platform',{value:'win32'})";
  const { code, stderr } = await run(["dev", "--", "true"], {
    cwd: emptyFolder(),
    env: { NODE_OPTIONS: `--import=${setUp}` },
  });
  expect(code).toBe(2);
  expect(stderr).toContain("run it in WSL");
});

it("is for development only", async () => {
  const { code, stderr } = await run(["dev", "--", "true"], {
    cwd: emptyFolder(),
    env: { NODE_ENV: "production" },
  });
  expect(code).toBe(2);
  expect(stderr).toContain("production");
});
